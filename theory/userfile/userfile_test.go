package userfile

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func saved(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func gzipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestReadUpToTheBound(t *testing.T) {
	for name, data := range map[string][]byte{"plain": []byte("hello"), "packed.gz": gzipped(t, "hello")} {
		path := saved(t, name, data)
		got, err := Read(path, 5)
		if name == "packed.gz" {
			require.ErrorContains(t, err, "at most 5 bytes", "the packed file is longer than that")
			got, err = Read(path, int64(len(data)))
		}
		require.NoError(t, err, name)
		require.Equal(t, "hello", string(got))
		_, err = Read(path, 4)
		require.ErrorContains(t, err, "want a file of at most 4 bytes", name)
	}
	// What unpacks to more than the bound.
	bomb := gzipped(t, strings.Repeat("0", 1<<16))
	_, err := Read(saved(t, "bomb.gz", bomb), 1<<15)
	require.ErrorContains(t, err, "at most 32768 bytes")
}

func TestReadNamesWhatIsNoFile(t *testing.T) {
	for name, want := range map[string]string{"": "no file name given", t.TempDir(): "is a directory", os.DevNull: "is a device",
		filepath.Join(t.TempDir(), "absent"): "no such file", saved(t, "z.gz", []byte("\x1f\x8bnot")): "gzip"} {
		_, err := Read(name, 100)
		require.ErrorContains(t, err, want, name)
	}
}

// Standard input and pipes may be asked for again, as files may.
func TestPipesAreReadTwice(t *testing.T) {
	stdin := os.Stdin
	defer func() { os.Stdin = stdin }()
	for _, text := range []string{"first", "second"} {
		reading, writing, err := os.Pipe()
		require.NoError(t, err)
		_, err = writing.WriteString(text)
		require.NoError(t, err)
		require.NoError(t, writing.Close())
		os.Stdin = reading
		for range 2 {
			data, err := Read(Stdin, 100)
			require.NoError(t, err)
			require.Equal(t, text, string(data))
		}
	}
}

func TestErrorNamesTheFileOnOneLine(t *testing.T) {
	_, err := Read("a\nb", 1)
	require.EqualError(t, Error("a\nb", err), `file "a\nb": no such file or directory`)
	require.NoError(t, Error("f", nil))
	long := strings.Repeat("x", 1000)
	require.Equal(t, strings.Repeat("x", 40)+"..."+strings.Repeat("x", 40), Printable(long))
	require.Equal(t, "weights é.npz", Printable("weights é.npz"))
}

func TestTextDropsMarksAndKnowsForeignFiles(t *testing.T) {
	for data, want := range map[string]string{"\xef\xbb\xbfa\r\nb\rc": "a\nb\nc", "\xff\xfea\x00\n\x00": "a\n", "\xfe\xff\x00a\x00\n": "a\n", "": ""} {
		text, err := Text([]byte(data))
		require.NoError(t, err)
		require.Equal(t, want, text)
	}
	for data, want := range map[string]string{"\x80\x04\x95": Pickle, "PK\x03\x04....archive/data.pkl": Pickle, "PK\x03\x04[Content_Types].xml": "an Excel file",
		"PK\x03\x04x": "a zip archive", "\x89HDF\r\n": "an HDF5 file", "a\x00b": "is not text",
		"a\xff": "is not text: line 1 has the byte 0xFF", "a\nb\n\xff": "is not text: line 3 has the byte 0xFF"} {
		_, err := Text([]byte(data))
		require.ErrorContains(t, err, want)
	}
}

func TestParseJSONNamesLines(t *testing.T) {
	v, err := ParseJSON([]byte("{\n \"a\": [1, 2.0],\n \"b\": [[0.5],\n [null]]}"))
	require.NoError(t, err)
	a, _ := v.Get("a")
	list, err := a.Ints("a")
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, list)
	b, _ := v.Get("b")
	_, err = b.Matrix("b")
	require.EqualError(t, err, "line 4: b[1][0] is null, want a number")
	require.EqualError(t, v.Only("a"), `line 3: unknown key "b", want a`)
	_, ok := v.Get("c")
	require.False(t, ok)
	for text, want := range map[string]string{
		"":                    "line 1: not JSON: unexpected end of JSON input",
		"[1,\n":               "line 2: not JSON: unexpected end of JSON input",
		"[1,\n\nNaN]":         "line 3: NaN is not a number that JSON has",
		"[-Infinity]":         "Infinity is not a number",
		"[1] 2":               "invalid character '2' after top-level value",
		"[1e999]":             "beyond what float64 holds",
		"{\"a\":1,\n\"a\":2}": `line 2: key "a" is given twice`,
		"{'a':1}":             "line 1: not JSON",
		strings.Repeat("[", 99) + strings.Repeat("]", 99): "nested more than 32 deep",
	} {
		_, err := ParseJSON([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
	for text, want := range map[string]string{"[1.5]": "x[0] = 1.5, want an integer", "[true]": "x[0] is a truth value, want a number", "{}": "x is an object, want a list",
		"[1e300]": "want an integer"} {
		v, err := ParseJSON([]byte(text))
		require.NoError(t, err)
		_, err = v.Ints("x")
		require.ErrorContains(t, err, want, text)
	}
}

func TestEachRowFindsTheSeparator(t *testing.T) {
	for text, want := range map[string]Separator{"1,2": Comma, "1;2": Semicolon, "1\t2": Tab, "1|2": Bar, "1 2": Space, "1, 2": Comma, "1 ; 2": Semicolon,
		"\"1\",\"2\"": Comma, "\"1\" \"2\"": Space, "# c;d\n\n1,2": Comma, "  1   2 ": Space} {
		rows, separator, err := Rows(text, Auto)
		require.NoError(t, err, text)
		require.Equal(t, want, separator, text)
		require.Equal(t, []string{"1", "2"}, rows[len(rows)-1].Cells, text)
	}
	rows, _, err := Rows("1,2\n\n# no\n\"3\n4\",5\n6,7", Comma)
	require.NoError(t, err)
	require.Equal(t, []Row{{1, []string{"1", "2"}}, {4, []string{"3\n4", "5"}}, {6, []string{"6", "7"}}}, rows)
	_, _, err = Rows("1,\"2", Comma)
	require.ErrorContains(t, err, "line 1:")
	for text, want := range map[string]Separator{"comma": Comma, ",": Comma, ";": Semicolon, `\t`: Tab, "\t": Tab, " ": Space, "auto": Auto} {
		s, err := ParseSeparator(text)
		require.NoError(t, err)
		require.Equal(t, want, s)
	}
	_, err = ParseSeparator("::")
	require.ErrorContains(t, err, "want auto, comma")
}

func TestParseMatrixTakesLabelsAway(t *testing.T) {
	for text, want := range map[string]Matrix{
		"sep=;\n1;2\n3;4":              {},
		"1 2\n3 4":                     {},
		"a,b\n1,2\n3,4":                {ColumnNames: []string{"a", "b"}},
		"x,1,2\ny,3,4":                 {RowNames: []string{"x", "y"}},
		",a,b\nx,1,2\ny,3,4":           {RowNames: []string{"x", "y"}, ColumnNames: []string{"a", "b"}},
		"a b\nx 1 2\ny 3 4":            {RowNames: []string{"x", "y"}, ColumnNames: []string{"a", "b"}},
		"0,1\n1,2\n3,4":                {ColumnNames: []string{"0", "1"}},
		"1;1;2\n2;3;4":                 {RowNames: []string{"1", "2"}},
		"1,2,\n3,4,\n":                 {},
		"Unnamed: 0,0,1\n5,1,2\n7,3,4": {RowNames: []string{"5", "7"}, ColumnNames: []string{"0", "1"}},
	} {
		m, err := ParseMatrix(text)
		require.NoError(t, err, text)
		require.Equal(t, [][]float64{{1, 2}, {3, 4}}, m.Values, text)
		require.Equal(t, want.RowNames, m.RowNames, text)
		require.Equal(t, want.ColumnNames, m.ColumnNames, text)
		labels := 0
		for _, names := range [][]string{want.RowNames, want.ColumnNames} {
			if names != nil {
				labels++
			}
		}
		require.Len(t, m.Notes, labels, text)
	}
	for text, want := range map[string][][]float64{"1,5;2\n3;4,25": {{1.5, 2}, {3, 4.25}}, "0,1,2": {{0, 1, 2}}} {
		m, err := ParseMatrix(text)
		require.NoError(t, err, text)
		require.Equal(t, want, m.Values, text)
		require.Nil(t, m.ColumnNames, text)
	}
	for text, want := range map[string]string{"": "the file is empty", "1,2\n3": "line 2: 1 numbers, but line 1 has 2", "1,2\n\n3,x": `line 3, column 2: "x", want a number`,
		"1,2\n3,": `line 2, column 2: ""`, "1;2\n3;4,x": `line 2, column 2: "4,x", want a number`, "1;2\n3;4,5,6": `"4,5,6", want a number`} {
		_, err := ParseMatrix(text)
		require.ErrorContains(t, err, want, text)
	}
}

// FuzzText: no bytes make a reader panic or complain in more than one line.
func FuzzText(f *testing.F) {
	for _, text := range []string{"1,2\n3,4", ",a\nb,1", "{\"a\":[1,null]}", "\xff\xfea", "0 1\n2 3\n4 5", "\"1", "[[1,2],[3]]", ""} {
		f.Add([]byte(text))
	}
	f.Add(gzipped(f, "1,2"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if unpacked, err := unpack(bytes.NewReader(data), 1<<10); err == nil {
			require.LessOrEqual(t, len(unpacked), 1<<10)
		}
		text, err := Text(data)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		m, err := ParseMatrix(text)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
		}
		for _, row := range m.Values {
			require.Len(t, row, len(m.Values[0]))
		}
		v, err := ParseJSON([]byte(text))
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		_, errInts := v.Ints("x")
		_, errRows := v.Matrix("x")
		require.False(t, errInts == nil && errRows == nil && len(v.Items) > 0)
	})
}

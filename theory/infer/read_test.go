package infer

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/userfile"

	"github.com/stretchr/testify/require"
)

// base is 400 sequences of 8 tokens below 3, as text and as cells.
func base(t *testing.T) (text string, rows [][]string, want Sequences) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "base.csv"))
	require.NoError(t, err)
	for line := range strings.Lines(string(data)) {
		rows = append(rows, strings.Split(strings.TrimSpace(line), ","))
	}
	want, notes, err := Read(filepath.Join("testdata", "base.csv"), auto)
	require.NoError(t, err)
	require.Empty(t, notes)
	require.Equal(t, []int{400, 8, 3}, []int{want.N, want.Columns, want.Tokens})
	for r, row := range rows {
		require.Equal(t, strings.Join(row, " "), strings.Trim(fmt.Sprint(want.Row(r)), "[]"), "sequence %d", r)
	}
	require.Equal(t, "the largest token plus 1", want.Source)
	sum := 0
	for _, n := range want.Counts() {
		sum += n
	}
	require.Equal(t, 3200, sum)
	return string(data), rows, want
}

func saved(t *testing.T, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, data, 0o600))
	return file
}

// joined writes a table with the words that each row has before it.
func joined(rows [][]string, separator string, before func(row int) []string) string {
	var b strings.Builder
	for r, row := range rows {
		b.WriteString(strings.Join(append(before(r), row...), separator) + "\n")
	}
	return b.String()
}

// Each is the same data as another program writes it, and must read the same.
func TestReadReadsWhatProgramsWrite(t *testing.T) {
	text, rows, want := base(t)
	nothing := func(int) []string { return nil }
	index := func(r int) []string { return []string{fmt.Sprint(r)} }
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	floats := strings.NewReplacer("0", "0.0", "1", "1.0", "2", "2.0").Replace(text)
	for name, c := range map[string]struct {
		file string
		o    ReadOptions
		note string
	}{
		"a header that counts": {"testdata/01b_numeric_header.csv", auto, "line 1 is a header (0, 1, 2, 3, 4, 5, 6, 7)"},
		"from 1":               {"testdata/09_onebased.csv", with(func(o *ReadOptions) { o.OneBased = Yes }), ""},
		"BOM":                  {"testdata/02_bom.csv", auto, ""},
		"semicolons":           {"testdata/12_semicolon.csv", auto, "cells are separated by semicolons"},
		"array":                {"testdata/26.npy", auto, ""},
		"blanks":               {saved(t, "s.txt", []byte(joined(rows, " ", nothing))), auto, "cells are separated by blanks"},
		"tabs":                 {saved(t, "s.tsv", []byte(joined(rows, "\t", nothing))), auto, "cells are separated by tabs"},
		"tabs, said": {saved(t, "s.tsv", []byte(joined(rows, "\t", nothing))),
			with(func(o *ReadOptions) { o.Separator = userfile.Tab }), ""},
		"Windows":         {saved(t, "s.csv", []byte(strings.ReplaceAll(text, "\n", "\r\n"))), auto, ""},
		"a last comma":    {saved(t, "s.csv", []byte(strings.ReplaceAll(text, "\n", ",\n"))), auto, "the last column is empty"},
		"decimals":        {saved(t, "s.csv", []byte(floats)), auto, "tokens are written with decimals"},
		"comments":        {saved(t, "s.csv", []byte("# from a simulator\n"+text)), auto, ""},
		"gzip":            {saved(t, "s.csv.gz", packed.Bytes()), auto, ""},
		"header of words": {saved(t, "s.csv", []byte("a,b,c,d,e,f,query,answer\n"+text)), auto, "line 1 is a header"},
		"header from 1":   {saved(t, "s.csv", []byte("1,2,3,4,5,6,7,8\n"+text)), auto, "line 1 is a header"},
		"pandas": {saved(t, "s.csv", []byte(",0,1,2,3,4,5,6,7\n"+joined(rows, ",", index))), auto,
			"column 1 counts or names the sequences"},
		"pandas, filtered": {saved(t, "s.csv",
			[]byte("Unnamed: 0,a,b,c,d,e,f,g,h\n"+joined(rows, ",", func(r int) []string { return []string{fmt.Sprint(2 * r)} }))), auto,
			"column 1 counts or names"},
		"index alone": {saved(t, "s.csv", []byte(joined(rows, ",", index))), auto, "column 1 counts or names"},
		"names": {saved(t, "s.csv",
			[]byte(joined(rows, ",", func(r int) []string { return []string{fmt.Sprintf("seq%d", r)} }))), auto, "column 1 counts or names"},
		"header and names": {saved(t, "s.csv",
			[]byte("id,a,b,c,d,e,f,g,h\n"+joined(rows, ",", func(r int) []string { return []string{fmt.Sprintf("seq%d", r)} }))), auto,
			"column 1 counts or names"},
		"R": {saved(t, "s.txt",
			[]byte("\"V1\" \"V2\" \"V3\" \"V4\" \"V5\" \"V6\" \"V7\" \"V8\"\n"+joined(rows, " ",
				func(r int) []string { return []string{fmt.Sprintf("%q", fmt.Sprint(r+1))} }))), auto, "column 1 counts or names"},
		"header of a slice": {saved(t, "s.csv", []byte("2,3,4,5,6,7,8,9\n"+text)), auto, "line 1 is a header (2, 3, 4, 5, 6, 7, 8, 9)"},
		"index, said": {saved(t, "s.csv", []byte(joined(rows, ",", func(r int) []string { return []string{fmt.Sprint(2*r + 5)} }))),
			with(func(o *ReadOptions) { o.Index = Yes }), ""},
		"header, said": {saved(t, "s.csv", []byte("0,1,2,0,1,2,0,5\n"+text)), with(func(o *ReadOptions) { o.Header = Yes }), ""},
		"header like a line": {saved(t, "s.csv", []byte(joined(rows[7:8], ",", nothing)+text)),
			with(func(o *ReadOptions) { o.Header = Yes }), "line 9 repeats the header and is read as a sequence"},
		"sparse, renumbered": {saved(t, "s.csv", []byte(strings.NewReplacer("1", "40000", "2", "50256").Replace(text))),
			with(func(o *ReadOptions) { o.Renumber = true }), "tokens 0, 40000, 50256 become 0, 1, ..."},
	} {
		s, notes, err := Read(c.file, c.o)
		require.NoError(t, err, name)
		s.Source = want.Source
		require.Equal(t, want, s, name)
		if c.note == "" {
			require.Empty(t, notes, name)
			continue
		}
		require.Contains(t, notes[len(notes)-1], c.note, name)
		require.Contains(t, notes[0], filepath.Base(c.file), name) // a long path is shortened
	}
}

// lastNumbered writes a table whose last column counts the lines.
func lastNumbered(rows [][]string) []string {
	lines := make([]string, len(rows))
	for r, row := range rows {
		lines[r] = fmt.Sprintf("%s,%d\n", strings.Join(row, ","), r)
	}
	return lines
}

func TestReadRefusesWhatItWouldMisread(t *testing.T) {
	text, rows, _ := base(t)
	good := strings.Repeat("0,1, 2,1\n", MinSequences)
	for name, c := range map[string]struct {
		text string
		o    ReadOptions
		want string
	}{
		"from 1": {strings.NewReplacer("0", "1", "1", "2", "2", "3").Replace(text), auto,
			"token 0 never occurs: do tokens count from 1 (--one-based)"},
		"from 1, with S": {strings.NewReplacer("0", "1", "1", "2", "2", "3").Replace(text), with(func(o *ReadOptions) { o.Tokens = 3 }),
			"--one-based"},
		"not from 1": {text, with(func(o *ReadOptions) { o.OneBased = Yes }), "line 1, column 1: token 0, but --one-based says"},
		"a gap": {strings.ReplaceAll(text, "1", "5"), auto,
			"of the tokens 0 to 5, 1, 3, 4 never occur: do they count (--tokens 6), or only those that occur (--renumber)?"},
		"a sparse one": {strings.ReplaceAll(text, "1", "50256"), auto,
			"line 1, column 5: 50256, want a token, an integer from 0 to 511; --renumber counts"},
		"a doubtful header": {"0,1,2,3\n" + strings.Repeat("3,2,1,0\n", 30), auto,
			"line 1 counts 0, 1, 2, 3: a header (--header), or a sequence (--header=no)?"},
		"a word or two": {"0,1,x,3\n" + good, auto, `line 1, column 3: "x" among numbers: a header (--header), or a mistake?`},
		"no first token": {",0,2,1\n" + good, auto,
			"line 1, column 1 is empty: the corner of a header above row names (--header), or a missing token?"},
		"a short first line": {"0,2,1\n" + good, auto,
			"line 1: 3 cells, but the lines below have 4: a header above row names (--header), or a missing token?"},
		"a doubtful index": {joined(rows, ",", func(r int) []string { return []string{fmt.Sprint((r*7919 + 3) % 1009)} }), auto,
			"column 1 has 399 numbers that no other column has, as"},
		"an index at the end": {strings.Join(lastNumbered(rows), ""), auto,
			"column 9 has 397 numbers that no other column has, as 399: does it number the sequences and has to be removed, or is it a token " +
				"(--tokens S)?"},
		"an index twice": {joined(rows, ",", func(r int) []string { return []string{fmt.Sprint(r % 200)} }), auto,
			"column 1 has 197 numbers that no other column has"},
		"header with gaps": {"2,3,5,7,11,13,17,19\n" + text, auto,
			"line 1, columns 2 and 3: 3 and 5 occur nowhere below: a header (--header), or a sequence (--header=no)?"},
		"two headers": {"a,a,a,a,b,b,b,b\n0,1,2,3,0,1,2,3\n" + text, auto,
			"line 2, columns 4 and 8: 3 and 3 occur nowhere below: a second header, to be removed"},
		"no header":   {"a,b,c,d\n" + good, with(func(o *ReadOptions) { o.Header = No }), `line 1, column 2: "b", want a token`},
		"words":       {"A,C,G,T\n" + strings.Repeat("A,A,C,C\n", 30), auto, `line 2, column 2: "A", want a token`},
		"decimal":     {good + "0,1.5,0,0\n", auto, `line 21, column 2: "1.5", want a token`},
		"missing":     {good + "0,,0,0\n", auto, "line 21, column 2 is empty"},
		"NaN":         {good + "0,NaN,0,0\n", auto, `line 21, column 2: "NaN"`},
		"empty first": {good + ",0,0,0\n", auto, "line 21, column 1 is no integer"},
		"empty last":  {good + "0,0,0,\n", auto, "line 21, column 4 is empty"},
		"negative":    {good + "0,0,0,-1\n", auto, "line 21, column 4: -1, want a token"},
		"range":       {good, with(func(o *ReadOptions) { o.Tokens = 2 }), "line 1, column 3: 2, want a token, an integer from 0 to 1"},
		"huge":        {good + "0,0,0,99999999999999999999\n", auto, "line 21, column 4"},
		"ragged":      {good + "0,1\n", auto, "line 21: 2 cells, but the lines before have 4"},
		"narrow": {strings.Repeat("0,1,1\n", MinSequences), auto,
			"3 columns, want at least 4: two positions, the query and the answer"},
		"empty": {"", auto, "0 sequences, want at least 20"},
		"half a strange one": {strings.Repeat("0,1,1,0\n0,1,1,5\n0,1,1,0\n0,1,1,6\n0,1,1,0\n0,1,1,7\n", 4), auto,
			"column 4 has 3 numbers that no other column has"},
		"few":               {"0,1,1,1\n", auto, "1 sequences, want at least 20"},
		"one that counts":   {"0,1,2,3\n", auto, "1 sequences, want at least 20"},
		"one, larger first": {"3,1,1,1\n", auto, "1 sequences, want at least 20"},
		"one, with a word":  {"0,1,x,3\n", auto, "1 sequences, want at least 20"},
		"constant":          {strings.Repeat("0,0,0,0\n", 30), auto, "all tokens are 0"},
		"tokens":            {good, with(func(o *ReadOptions) { o.Tokens = 1 }), "tokens = 1, want 2 to"},
		"one cell":          {strings.Repeat("0121\n", 30), auto, `line 1: one cell, "0121": say what stands between the tokens, --separator`},
		"other separator":   {good, with(func(o *ReadOptions) { o.Separator = userfile.Semicolon }), "one cell"},
		"choice":            {good, with(func(o *ReadOptions) { o.Header = "maybe" }), `--header "maybe", want yes, no or auto`},
		"JSON":              {"[[0,1],[1,0]]", auto, "is JSON; sequences are read from"},
		"pickle":            {"\x80\x04\x95", auto, "is a Python pickle; sequences are read from"},
		"Parquet":           {"PAR1", auto, "is a Parquet file"},
		"Excel":             {"PK\x03\x04[Content_Types].xml", auto, "is an Excel file"},
	} {
		file := saved(t, "s.csv", []byte(c.text))
		_, _, err := Read(file, c.o)
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, filepath.Base(file), name)
		require.NotContains(t, err.Error(), "\n", name)
	}
	_, _, err := Read("testdata/26.npy", with(func(o *ReadOptions) { o.Header = Yes }))
	require.ErrorContains(t, err, "--header: an array has none")
	_, _, err = Read(t.TempDir(), auto)
	require.ErrorContains(t, err, "is a directory")
}

func TestReadUpToTheBounds(t *testing.T) {
	s, _, err := parse([]byte(strings.Repeat("0,1,1,0\n", MinSequences)), auto)
	require.NoError(t, err)
	require.Equal(t, markov.MinTokens, s.Tokens)
	s, notes, err := parse([]byte(strings.Repeat("0,1,2,0\n", MinSequences)), with(func(o *ReadOptions) { o.Tokens = markov.MaxTokens }))
	require.NoError(t, err)
	require.Equal(t, markov.MaxTokens, s.Tokens)
	require.Equal(t, "--tokens", s.Source)
	require.Equal(t, []string{"of the tokens 0 to 511, 3, 4, 5, 6, 7, 8, 9, 10, ... (509 of them) never occur"}, notes)
	s, notes, err = parse([]byte(strings.Repeat("1,2,3,1\n", MinSequences)), with(func(o *ReadOptions) { o.OneBased = No }))
	require.NoError(t, err)
	require.Equal(t, 4, s.Tokens)
	require.Equal(t, []string{"of the tokens 0 to 3, 0 never occur"}, notes)
	for columns, rows := range map[int]int{4: maxCells / 4, graph.MaxSequenceLength + 2: 1} {
		require.NoError(t, checkSize(rows, columns), "%d columns", columns)
	}
	require.Error(t, checkSize(maxCells/4+1, 4))
	require.Error(t, checkSize(1, graph.MaxSequenceLength+3))
	_, _, err = parse([]byte("0,1,2,0\n"), auto)
	require.ErrorContains(t, err, "1 sequence", "a single line is a sequence, no header")
}

// Any bytes are sequences of tokens in range, or an error of one line.
func FuzzRead(f *testing.F) {
	for _, text := range []string{strings.Repeat("0,1,1\n", 20), "1,\"2\n", ",0,1\n" + strings.Repeat("0,1,1\n", 20),
		"\"a\" \"b\"\n" + strings.Repeat("x 0 1\n", 25),
		strings.Repeat("0;1;\n", 20), strings.Repeat("1,2.0,3\n", 20), "\x93NUMPY\x01\x00"} {
		f.Add([]byte(text), 0, uint8(0))
		f.Add([]byte(text), 3, uint8(255))
	}
	choices := []Choice{Auto, Yes, No}
	f.Fuzz(func(t *testing.T, data []byte, tokens int, bits uint8) {
		if tokens < 0 || tokens > markov.MaxTokens {
			return
		}
		o := ReadOptions{Tokens: tokens, Header: choices[bits%3], Index: choices[bits/3%3], OneBased: choices[bits/9%3],
			Renumber: bits >= 128, Separator: userfile.Auto}
		s, notes, err := parse(data, o)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		require.NotContains(t, strings.Join(notes, ""), "\n")
		require.Len(t, s.Data, s.N*s.Columns)
		for _, v := range s.Data {
			require.Less(t, int(v), s.Tokens)
		}
	})
}

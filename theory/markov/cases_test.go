package markov

import (
	"path/filepath"
	"testing"

	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

var three = [][]float64{{0.7, 0.2, 0.1}, {0.3, 0.4, 0.3}, {0.25, 0.25, 0.5}}

// Files as NumPy, pandas, R, PyTorch and spreadsheets write them.
func TestReadPriorReadsWhatProgramsWrite(t *testing.T) {
	for name, c := range map[string]struct{ prior, note string }{
		"savetxt":          {"point:testdata/13_savetxt_default.txt", ""},
		"pandas, labelled": {"point:testdata/08_labels.csv", "file testdata/08_labels.csv: tokens 0, 1, ... are a, b, c"},
		"counts":           {"point:normalised:testdata/06_counts.json", "rows are divided by their sums"},
		"pandas, no index": {"point:" + saved(t, "p.csv", "0,1,2\n0.7,0.2,0.1\n0.3,0.4,0.3\n0.25,0.25,0.5\n"), "line 1 is taken for labels"},
		"pandas, numbers": {"point:" + saved(t, "p.csv", ",0,1,2\n0,0.7,0.2,0.1\n1,0.3,0.4,0.3\n2,0.25,0.25,0.5\n"),
			"column 1 is taken for labels"},
		"pandas, no header": {"point:" + saved(t, "p.csv", "0,0.7,0.2,0.1\n1,0.3,0.4,0.3\n2,0.25,0.25,0.5\n"), "column 1 is taken for labels"},
		"R, unnamed": {"point:" + saved(t, "p.txt",
			"\"V1\" \"V2\" \"V3\"\n\"1\" 0.7 0.2 0.1\n\"2\" 0.3 0.4 0.3\n\"3\" 0.25 0.25 0.5\n"), "tokens 0, 1, ... are V1, V2, V3"},
		"pandas, columns": {"point:" + saved(t, "p.csv", ",a,b,c\n0,0.7,0.2,0.1\n1,0.3,0.4,0.3\n2,0.25,0.25,0.5\n"),
			"tokens 0, 1, ... are a, b, c"},
		"pandas, rows": {"point:" + saved(t, "p.csv", ",0,1,2\na,0.7,0.2,0.1\nb,0.3,0.4,0.3\nc,0.25,0.25,0.5\n"),
			"tokens 0, 1, ... are a, b, c"},
		"R": {"point:" + saved(t, "p.txt", "\"a\" \"b\" \"c\"\n\"a\" 0.7 0.2 0.1\n\"b\" 0.3 0.4 0.3\n\"c\" 0.25 0.25 0.5\n"),
			"tokens 0, 1, ... are a, b, c"},
		"BOM":            {"point:" + saved(t, "p.csv", "\xef\xbb\xbf0.7,0.2,0.1\r\n0.3,0.4,0.3\r\n0.25,0.25,0.5\r\n"), ""},
		"decimal commas": {"point:" + saved(t, "p.csv", "0,7;0,2;0,1\n0,3;0,4;0,3\n0,25;0,25;0,5\n"), "decimal commas are read as points"},
		"tabs":           {"point:" + saved(t, "p.tsv", "0.7\t0.2\t0.1\n0.3\t0.4\t0.3\n0.25\t0.25\t0.5\n"), ""},
		"comments":       {"point:" + saved(t, "p.txt", "# pi\n0.7 0.2 0.1\n0.3 0.4 0.3\n\n0.25 0.25 0.5"), ""},
		"percentages":    {"point:normalised:" + saved(t, "p.csv", "70,20,10\n30,40,30\n25,25,50\n"), "rows are divided by their sums"},
		"percent signs":  {"point:" + saved(t, "p.csv", "70%,20%,10%\n30 %,40%,30%\n25%,25%,50%\n"), "percentages are read as fractions of 1"},
		"no ending":      {"point:" + saved(t, "p", "[[0.7,0.2,0.1],[0.3,0.4,0.3],[0.25,0.25,0.5]]"), ""},
		"orbit":          {"orbit:testdata/13_savetxt_default.txt", ""},
		"list of one":    {"@testdata/13_savetxt_default.txt", ""},
	} {
		p, notes, err := ReadPrior(c.prior, 0)
		require.NoError(t, err, name)
		for a, row := range three {
			for b, want := range row {
				// Counts are divided, text is rounded: one rounding of a number up to 1.
				require.NoError(t, close.Within(p.(Finite).Support()[0].P(a, b), want, 0, 0x1p-53), name)
			}
		}
		if c.note == "" {
			require.Empty(t, notes, name)
			continue
		}
		require.Contains(t, notes[len(notes)-1], c.note, name)
		again, err := ParsePrior(p.String(), p.Tokens())
		require.NoError(t, err, name)
		require.Equal(t, p, again, name)
	}
}

// Ten rows that a float32 softmax rounded: accepted within 10 x 2^-24, said,
// and normalised to the last bit.
func TestFloat32RowsAreRenormalised(t *testing.T) {
	p, notes, err := ReadPrior("point:testdata/03_f32_softmax.npy", 0)
	require.NoError(t, err)
	require.Equal(t, []string{"file testdata/03_f32_softmax.npy: rows sum to 1 within the rounding of float32, 10 x 2^-24, and are " +
		"renormalised"}, notes)
	readable(t, p.(Point).Chain, nil)
	// The same numbers as text, as tolist() and json.dump write them.
	third := float64(float32(1.0 / 3)) // above a third by 2^-26.6
	c := [][]float64{{third, third, third}, {0.25, 0.25, 0.5}, {0.5, 0.25, 0.25}}
	note, err := acceptor{}.accept(c)
	require.NoError(t, err)
	require.Contains(t, note, "float32")
	// The bound itself: S = 2, a sum off by 2 x 2^-24 and by the next number.
	for excess, ok := range map[float64]bool{2 * 0x1p-24: true, 2*0x1p-24 + 0x1p-40: false} {
		_, err := acceptor{rounding: 0x1p-24}.accept([][]float64{{0.5, 0.5 + excess}, {0.75, 0.25}})
		require.Equal(t, ok, err == nil, "excess %v: %v", excess, err)
	}
	_, err = acceptor{}.accept([][]float64{{1.0 / 3, 2.0/3 + 0x1p-25}, {0.75, 0.25}})
	require.ErrorContains(t, err, "--normalise", "numbers of float64 have no such excuse")
}

func TestReadPriorRefusesWhatItWouldMisread(t *testing.T) {
	for name, c := range map[string]struct{ prior, want string }{
		"null":                {"point:testdata/22c_null.json", "line 1: chain[1][1] is null, want a number"},
		"columns sum to 1":    {"point:testdata/05_colstoch.json", "the columns sum to 1, not the rows"},
		"columns, normalised": {"point:normalised:testdata/05_colstoch.json", "the columns sum to 1, not the rows"},
		"counts": {"point:testdata/06_counts.json",
			"chain[0]: sums to 100, want 1: counts, percentages and rounded decimals are divided by their sums with --normalise"},
		"decimals":       {"point:" + saved(t, "p.csv", "0.333,0.333,0.333\n1,0,0\n0,0.5,0.5"), "line 1: chain[0]: sums to 0.999, want 1"},
		"zero row":       {"point:normalised:[[1,2],[0,0]]", "chain[1] sums to 0 and cannot be normalised"},
		"negative":       {"point:normalised:[[1,1],[-1,3]]", "chain[1][0] = -1, want a probability"},
		"labels differ":  {"point:" + saved(t, "p.csv", ",a,b\nb,0.5,0.5\na,0.2,0.8\n"), `row 0 is labelled "b", but column 0 "a"`},
		"pickle":         {"point:" + saved(t, "p.pkl", "\x80\x04\x95"), "is a Python pickle"},
		"directory":      {"point:testdata", "is a directory"},
		"a list":         {"point:[[[0.5,0.5],[0.1,0.9]],[[0.5,0.5],[0.1,0.9]]]", "2 matrices, want one"},
		"text":           {"point:[[\"0.5\",0.5],[0.1,0.9]]", "chain[0][0] is a text, want a number"},
		"unknown key":    {`@[{"weight":1,"pi":[[0.5,0.5],[0.1,0.9]]}]`, `unknown key "pi", want weight, chain`},
		"key twice":      {`@[{"weight":1,"weight":2}]`, `key "weight" is given twice`},
		"no chain":       {`@[{"weight":1}]`, `line 1: matrix 0: want {"weight": w, "chain": [[...]]}`},
		"no weight":      {`@[{"chain":[[0.5,0.5],[0.1,0.9]]}]`, `line 1: matrix 0: want {"weight": w, "chain": [[...]]}`},
		"ragged":         {"point:[[0.7,0.3],[0.5]]", "chain[1]: 1 entries, want 2, the number of rows"},
		"NaN in a table": {"point:" + saved(t, "p.csv", "0.5,0.5\nnan,0.5\n"), "line 2: chain[1][0] = NaN, want a probability"},
		"a label too many": {"point:" + saved(t, "p.csv", "0,1,0\n1,0,0\n"),
			"line 2: chain[1]: sums to 0, want 1: counts, percentages and rounded decimals are divided by their sums with --normalise " +
				"(column 1 is taken for labels)"},
		"totals": {"point:normalised:" + saved(t, "p.csv", ",a,b,All\na,7,3,10\nb,1,4,5\nAll,8,7,15\n"),
			"the last row and the last column are the sums of the others: leave these totals out"},
		"both labels count": {"point:" + saved(t, "p.csv", ",0,1\n1,0.5,0.5\n2,0.2,0.8\n"), `line 2: row 0 is labelled "1", but column 0 "0"`},
		"a MATLAB comment": {"point:" + saved(t, "p.txt", "% P\n0.5 0.5\n0.2 0.8\n"),
			"line 1 begins with %, a comment in other programs: here comments begin with #"},
		"weight 0": {`@[{"weight":0,"chain":[[0.5,0.5],[0.1,0.9]]}]`, "the weight of matrix 0 is 0"},
		"weights of no ratio": {`@[{"weight":0.12345,"chain":[[0.5,0.5],[0.1,0.9]]},{"weight":1,"chain":[[0.5,0.5],[0.1,0.9]]}]`,
			"round them to three digits"},
		"orbit of a large one": {"orbit:@normalised:[" + big6 + "]", "orbit: 6 tokens, want at most 5"},
	} {
		_, _, err := ReadPrior(c.prior, 0)
		require.ErrorContains(t, err, c.want, name)
		require.NotContains(t, err.Error(), "\n", name)
	}
}

const big6 = "[[1,0,0,0,0,1],[1,1,0,0,0,0],[0,1,1,0,0,0],[0,0,1,1,0,0],[0,0,0,1,1,0],[0,0,0,0,1,1]]"

// Weights are kept by listing chains as often as they say.
func TestWeightsOfAPrior(t *testing.T) {
	const a, b = "[[0.5,0.5],[0.25,0.75]]", "[[0.125,0.875],[0.5,0.5]]"
	p, err := ParsePrior(`@[{"weight":0.3,"chain":`+a+`},{"chain":`+b+`,"weight":0.1}]`, 2)
	require.NoError(t, err)
	var first []float64
	for _, c := range p.(Finite).Support() {
		first = append(first, c.P(0, 0))
	}
	require.Equal(t, []float64{0.5, 0.5, 0.5, 0.125}, first)
	for _, c := range []struct {
		weights []float64
		want    []int
		note    string
	}{
		{[]float64{1, 4095}, []int{1, 4095}, ""},
		{[]float64{0.333, 0.667}, []int{333, 667}, ""},
		{[]float64{1. / 3, 2. / 3}, []int{1, 2}, ""},
		{[]float64{1. / 3, 0.6666666666666667}, []int{1, 2}, "multiples of 1/3 of their sum"}, // 1 - 1/3 in Python
		{[]float64{0.1428571429, 0.2857142857, 0.5714285714}, []int{1, 2, 4}, "multiples of 1/7 of their sum"},
		{[]float64{1e-3 / 3, 1 - 1e-3/3}, []int{1, 2999}, "multiples of 1/3000 of their sum"},
	} {
		copies, note, err := multiplicities(c.weights)
		require.NoError(t, err)
		require.Equal(t, c.want, copies)
		require.Equal(t, c.note == "", note == "")
		require.Contains(t, note, c.note)
	}
	for _, weights := range [][]float64{{1, 4096}, {0.31415, 0.68585}, {0.333333, 0.666667}, {1e-9, 1}} {
		_, _, err := multiplicities(weights)
		require.ErrorContains(t, err, "want at most 1/4096: round them to three digits", weights)
	}
	_, notes, err := ReadPrior(`@[{"weight":0.3333333333333333,"chain":`+a+`},{"weight":0.6666666666666667,"chain":`+b+`}]`, 2)
	require.NoError(t, err)
	require.Equal(t, []string{"the weights are read as multiples of 1/3 of their sum, which they are to ten digits"}, notes)
}

// The orbit of a list is the orbits of its chains, one after the other.
func TestOrbitOfAList(t *testing.T) {
	list := filepath.Join("testdata", "two.json")
	p, err := ParsePrior("orbit:@"+list, 0)
	require.NoError(t, err)
	base, err := ReadSampled(list)
	require.NoError(t, err)
	require.Equal(t, base.Support(), p.(*Orbit).Bases())
	var want []*Chain
	for _, c := range base.Support() {
		o, err := NewOrbit(c, "x")
		require.NoError(t, err)
		want = append(want, o.Support()...)
	}
	require.Equal(t, want, p.(*Orbit).Support())
	mean := 0.0
	for _, c := range want {
		mean += c.P(0, 1)
	}
	require.NoError(t, close.Within(mean/float64(len(want)), 0.5, 0, float64(len(want))*0x1p-53))
}

func TestNormalisedIsAPartOfTheText(t *testing.T) {
	for text, want := range map[string]string{"point:f": "point:normalised:f", "@f": "@normalised:f", "orbit:f": "orbit:normalised:f",
		"orbit:@f":           "orbit:@normalised:f",
		"point:normalised:f": "point:normalised:f"} {
		got, ok := Normalised(text)
		require.True(t, ok, text)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"dirichlet:1", "orbit:1,7"} {
		_, ok := Normalised(text)
		require.False(t, ok, text)
	}
}

// A note that holds for many matrices is said once.
func TestNotesOfManyMatrices(t *testing.T) {
	_, notes, err := ReadPrior("@normalised:[[[5,5],[1,9]],[[0.5,0.5],[0.1,0.9]],[[1,1],[1,2]]]", 0)
	require.NoError(t, err)
	require.Equal(t, []string{"2 of 3 matrices, the first 0: rows are divided by their sums"}, notes)
	_, notes, err = ReadPrior("@normalised:[[[0.5,0.5],[0.1,0.9]],[[1,1],[1,2]]]", 0)
	require.NoError(t, err)
	require.Equal(t, []string{"matrix 1: rows are divided by their sums"}, notes)
}

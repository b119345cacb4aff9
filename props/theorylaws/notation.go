package theorylaws

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

func notationOf(s props.Subject) Notation { return s.(ChainReader).Notation() }

// inFile writes a file in a fresh folder, calls use with its name and removes
// both.
func inFile(t *rapid.T, name string, data []byte, use func(file string)) {
	folder, err := os.MkdirTemp("", "law")
	if err != nil {
		t.Fatalf("no temporary folder: %v", err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // a folder left behind breaks nothing
	file := filepath.Join(folder, name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatalf("no temporary file: %v", err)
	}
	use(file)
}

// matrixFile draws a file with some matrices one below the other (CSV), as an array
// of the given number of dimensions (.npy) or as nested lists (JSON).
func matrixFile(t *rapid.T, matrices [][][]float64, dimensions int) (name string, data []byte) {
	size := len(matrices[0])
	switch rapid.IntRange(0, 2).Draw(t, "format") {
	case 0:
		return "rows.csv", asCSV(t, matrices)
	case 1:
		var flat []float64
		for _, rows := range matrices {
			for _, row := range rows {
				flat = append(flat, row...)
			}
		}
		shape := []int{len(matrices), size, size}
		return "array.npy", gen.Layouts(shape[3-dimensions:], flat, false).Draw(t, "layout").Bytes()
	}
	var list any = matrices
	if dimensions == 2 {
		list = matrices[0]
	}
	return rapid.SampledFrom([]string{"chain.json", "chain", "chain.txt", "CHAIN.JSON"}).Draw(t, "name"), nestedLists(t, list)
}

// nestedLists is a matrix, or several, as JSON.
func nestedLists(t *rapid.T, list any) []byte {
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatalf("a matrix that is no JSON: %v", err)
	}
	return text
}

func asCSV(t *rapid.T, matrices [][][]float64) []byte {
	var b strings.Builder
	space := rapid.SampledFrom([]string{"", " ", "  "}).Draw(t, "space")
	end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
	for _, rows := range matrices {
		for _, row := range rows {
			words := make([]string, len(row))
			for i, v := range row {
				words[i] = strconv.FormatFloat(v, 'g', -1, 64)
			}
			b.WriteString(strings.Join(words, ","+space) + end)
		}
	}
	return []byte(b.String())
}

// rowsOf lists the chains' matrices.
func rowsOf(chains []*markov.Chain) [][][]float64 {
	matrices := make([][][]float64, len(chains))
	for n, c := range chains {
		matrices[n] = c.Rows()
	}
	return matrices
}

// sameChain demands the same bits.
func sameChain(t *rapid.T, c props.Case, what string, got, want *markov.Chain) {
	props.Demand(t, c, got != nil && got.Tokens() == want.Tokens(), what, fmt.Sprintf("%d tokens", want.Tokens()), fmt.Sprint(got))
	props.Equal(t, c, what, props.BitsOf(got.Flat()), props.BitsOf(want.Flat()))
}

// aChain demands a transition matrix: rows of probabilities with sum 1 and a
// stationary law.
func aChain(t *rapid.T, c props.Case, s props.Subject, got *markov.Chain) {
	size := got.Tokens()
	slack := 2 * float64(size+1) * s.Roundoff() // a rounding a term, and those of the division that made them
	props.Distribution(t, c, "row", got.Flat(), size, slack)
	props.Distribution(t, c, "stationary law", got.Stationary(), size, slack)
}

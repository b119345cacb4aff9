package sweep

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// large numbers ask for memory, and names for files: neither is the parser's.
var beyondParsing = regexp.MustCompile(`\d{3}|@|point|orbit`)

// FuzzGrid: any text is a sweep of at least one cell, or an error.
func FuzzGrid(f *testing.F) {
	for _, text := range []string{"base: {steps: 1}\ngrid: {seed: [1, 2]}", "cells: [{steps: 1, seed: 1}]", "base: &a {steps: 1}\ncells: [*a, {<<: *a, seed: 2}]",
		"grid: {steps: [1, 1.5]}", "grid: {seed: []}", "base: 1", "a: &a [*a]", ""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if beyondParsing.Match(data) {
			t.Skip("large numbers or files")
		}
		g := Grid{Source: data}
		if err := g.parse(); err == nil {
			require.NotEmpty(t, g.Cells)
		}
	})
}

// FuzzChunk: any line is a list of cells, or an error.
func FuzzChunk(f *testing.F) {
	f.Add([]byte(`[{"id":"a","steps":1}]`))
	f.Add([]byte(`[{"prior":"dirichlet:1","x":1}]`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if beyondParsing.Match(line) {
			t.Skip("large numbers or files")
		}
		_, _ = decodeChunk(line) // either answer will do
	})
}

// FuzzAnswer: whatever sbatch prints, an id that is found stands in it.
func FuzzAnswer(f *testing.F) {
	for _, text := range []string{"519605\n", "hello\n519605;cluster\n", "Submitted batch job 7", "1;", ";", "9999999999999999999999\n", "\x00", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if id, found := parseAnswer(text); found {
			require.Contains(t, text, id.number)
			require.Regexp(t, `^[0-9]+$`, id.number)
		}
	})
}

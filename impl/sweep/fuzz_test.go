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

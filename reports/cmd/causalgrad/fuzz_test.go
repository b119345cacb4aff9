package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzLogits: any text is T rows of logits that reach the diagonal, or an error on
// one line.
func FuzzLogits(f *testing.F) {
	for _, text := range []string{"[[0],[0.5,-1],[0,2,1]]", "[[0],[1,2],[null,1,2]]", "[[0]", "[1e999]", "[[0,1,2],[0,1,2],[0,1,2]]", "[]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !strings.HasPrefix(text, "[") {
			t.Skip("a file")
		}
		rows, _, err := readLogits(text, 3)
		if err != nil {
			require.NotContains(t, oneLine(err.Error()), "\n")
			return
		}
		require.Len(t, rows, 3)
		for i, row := range rows {
			require.GreaterOrEqual(t, len(row), i+1)
		}
	})
}

package embedding

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParse: any text is an embedding of that many positions, or an error on one
// line.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"orthogonal", "gaussian:3,1", "gaussian:1000000,1", "gaussian:,", "gaussian:-1,1", "@absent.npy", "@", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "@") || len(text) > 40 {
			t.Skip("a file")
		}
		e, err := Parse(text, 4)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		require.Equal(t, 4, e.Positions())
	})
}

package graph

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParse: no text makes the parser panic or complain in more than one line,
// and what it accepts prints as a text that it reads as the same graph.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"chain", "icl", "manual", "random", "random:0.3", "random:uniform", "random:NaN", "trigram-half", "chain:",
		"parents:-1,0,0,1", "parents:-1, 0 ,-1", "parents:", "parents:0,1", "parents:-1,99999999999999999999", "dag:[[],[],[0,1],[1,2]]",
		"dag:[[],[0],[0,0],[1]]", "dag:[[]", "dag:null", " chain\n", "\x00", "nonsense:1"} {
		f.Add(text, 0, uint64(1))
		f.Add(text, 5, uint64(7))
	}
	f.Add("chain", MaxSequenceLength+1, uint64(0))
	f.Add("chain", -3, uint64(0))
	f.Fuzz(func(t *testing.T, text string, length int, seed uint64) {
		if strings.HasPrefix(strings.TrimSpace(text), "@") {
			t.Skip("names a file of this machine")
		}
		g, err := Parse(text, length, seed)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		again, err := Parse(g.String(), g.SequenceLength(), seed+1)
		require.NoError(t, err, g.String())
		require.Equal(t, g, again)
	})
}

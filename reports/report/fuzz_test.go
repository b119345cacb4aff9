package report

import (
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// FuzzDecode: any text without a checksum is a record of this schema, or an error.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{`{"schema":"` + experiment.Schema + `","answer":"x"}`, `{"schema":"` + experiment.Schema + `","more":1}`, `{}`, `[`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := decode(data); err == nil {
			require.Equal(t, experiment.Schema, r.Schema)
		}
	})
}

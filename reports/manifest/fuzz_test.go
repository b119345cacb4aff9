package manifest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDecode: any text is a manifest of this schema, or an error.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{`{"schema":"` + Schema + `"}`, `{"schema":"x"}`, `{"unknown":1}`, `{} {}`, `[`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := decode(data); err == nil {
			require.Equal(t, Schema, m.Schema)
		}
	})
}

package runs

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDecodeBuild: any text is a build with runs, or an error.
func FuzzDecodeBuild(f *testing.F) {
	f.Add([]byte(`{"schema":"` + BuildSchema + `","runs":[{}]}`))
	f.Add([]byte(`{"schema":"x"} {}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, err := DecodeBuild(data); err == nil {
			require.NotEmpty(t, b.Runs)
		}
	})
}

// FuzzReadOfficial: any text is a comparison that does not contradict itself, or an
// error.
func FuzzReadOfficial(f *testing.F) {
	f.Add([]byte(`{"schema":"` + OfficialSchema + `","graphs":{"a":[-1,0]},"runs":[{"code":"official","graph":"a","edges":[0.5]}]}`))
	f.Add([]byte(`{"schema":"` + OfficialSchema + `","speed":[{"code":"own","steps":1,"cpu":1,"wall":-1}]}`))
	f.Add([]byte(`{"graphs":{"a":[7]},"runs":[{"graph":"a"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := ReadOfficial(data)
		if err != nil {
			return
		}
		for _, r := range o.Runs {
			require.Contains(t, o.Graphs, r.Graph)
		}
	})
}

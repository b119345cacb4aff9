package ci

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzReadTests: whatever go test printed is a run that becomes XML and a summary,
// or an error.
func FuzzReadTests(f *testing.F) {
	for _, text := range []string{"make\n{\"Action\":\"run\",\"Package\":\"a\",\"Test\":\"T\"}\n{\"Action\":\"fail\",\"Package\":\"a\",\"Test\":\"T\",\"Elapsed\":1}\n",
		`{"Action":"start","Package":"a"}`, `{"Action":"output","Output":"\u0000<|"}`, "{", ""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		run, err := ReadTests(bytes.NewReader(data))
		if err != nil {
			return
		}
		var report bytes.Buffer
		require.NoError(t, run.JUnit(&report))
		for decoder := xml.NewDecoder(&report); ; {
			if _, err := decoder.Token(); err != nil {
				require.True(t, errors.Is(err, io.EOF), err)
				break
			}
		}
		require.NoError(t, run.Summary(io.Discard))
	})
}

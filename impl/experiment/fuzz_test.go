package experiment

import (
	"bytes"
	"crypto/sha256"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// large numbers ask for memory, and names for files: neither is the parser's.
var beyondParsing = regexp.MustCompile(`\d{3}|@|point|orbit`)

// FuzzParseSpec: any text is a spec that is written as it reads, or an error of
// one line.
func FuzzParseSpec(f *testing.F) {
	for _, text := range []string{"steps: 1", "steps: 1\ngraph: icl\nlength: 6\nheads: [2, 1]\nshifted: [\"dirichlet:1\"]", "{\"steps\": 2, \"model\": \"reduced\"}",
		"steps: 1.9", "seed: -1\nsteps: 1", "&a steps: *a", "steps: !!binary eA==", "- steps", "steps: 1\nsteps: 2", ""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if beyondParsing.Match(data) {
			t.Skip("large numbers or files")
		}
		s, err := ParseSpec(data)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		require.NoError(t, s.Validate())
		_, err = s.Hash()
		require.NoError(t, err)
	})
}

// FuzzDecodeRecord: any text behind a right checksum is a record that encodes
// again, or an error of one line.
func FuzzDecodeRecord(f *testing.F) {
	record, err := EncodeRecord(Record{Schema: Schema, Spec: Default()})
	require.NoError(f, err)
	f.Add(record[len(checksumStart)+checksumSize+len(checksumEnd):])
	f.Add([]byte("}"))
	f.Add([]byte("\"schema\": \"x\"}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := DecodeRecord(append([]byte(checksumStart+hashBytes(body)+checksumEnd), body...))
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		_, err = EncodeRecord(r)
		require.NoError(t, err)
		_, err = DecodeRecord(body)
		require.Error(t, err, "without its checksum")
	})
}

// FuzzDecodeCheckpoint: any bytes behind a right checksum are a checkpoint or an
// error of one line.
func FuzzDecodeCheckpoint(f *testing.F) {
	f.Add([]byte("{\"sizes\":[1,1]}\n" + strings.Repeat("\x00", 16)))
	f.Add([]byte("{\"sizes\":[-1]}\n"))
	f.Add([]byte("{\"sizes\":[9223372036854775807,9223372036854775807]}\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		data := append([]byte(checkpointMagic), body...)
		sum := sha256.Sum256(data)
		if _, err := decodeCheckpoint(append(bytes.Clone(data), sum[:]...)); err != nil {
			require.NotContains(t, err.Error(), "\n")
		}
		_, err := decodeCheckpoint(data)
		require.Error(t, err, "without its checksum")
	})
}

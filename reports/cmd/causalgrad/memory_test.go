package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a file of sequences takes is planned from what is within it, however it is
// packed.
func TestPackedSequencesArePlannedAsUnpacked(t *testing.T) {
	text := strings.Repeat("0,1,2,0\n", 1000)
	array := "\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (1000, 4), }" + strings.Repeat("\x01", 4000)
	for _, content := range []string{text, array} {
		var packed, archive bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, err := w.Write([]byte(content))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		z := zip.NewWriter(&archive)
		m, err := z.Create("a.npy")
		require.NoError(t, err)
		_, err = m.Write([]byte(content))
		require.NoError(t, err)
		require.NoError(t, z.Close())
		for _, data := range [][]byte{[]byte(content), packed.Bytes(), archive.Bytes()} {
			name := filepath.Join(t.TempDir(), "file")
			require.NoError(t, os.WriteFile(name, data, 0o600))
			size, begin := unpacked(name)
			require.InDelta(t, len(content), size, 0)
			require.Equal(t, content[:headerSize], string(begin))
		}
		want := map[string]float64{text: 12, array: 2.5 + 16}[content]
		require.InDelta(t, want, bytesOfSequences([]byte(content[:headerSize])), 0)
	}
	size, _ := unpacked(t.TempDir())
	require.Zero(t, size, "its reader refuses a folder")
}

package ndarray

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"hash/crc32"
	"testing"

	"github.com/stretchr/testify/require"
)

// A member that says 10 and unpacks to 1000 bytes is cut at the bound.
func TestUnpackDoesNotBelieveSizes(t *testing.T) {
	content := bytes.Repeat([]byte{0}, 1000)
	var packed, file bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.BestCompression)
	require.NoError(t, err)
	_, err = deflate.Write(content)
	require.NoError(t, err)
	require.NoError(t, deflate.Close())
	w := zip.NewWriter(&file)
	f, err := w.CreateRaw(&zip.FileHeader{Name: "a.npy", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(content),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: 10})
	require.NoError(t, err)
	_, err = f.Write(packed.Bytes())
	require.NoError(t, err)
	require.NoError(t, w.Close())
	r, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	require.NoError(t, err)
	data, err := unpack(r.File[0], 100)
	require.Error(t, err)
	require.LessOrEqual(t, len(data), 101)
}

func TestReadTakesAnArchiveOfOne(t *testing.T) {
	one := WriteNPY([]int{2}, []float64{1, 2})
	for _, file := range [][]byte{one, archive(t, []string{"x.npy"}, one)} {
		require.True(t, IsArray(file))
		a, err := Read(file)
		require.NoError(t, err)
		require.Equal(t, Array{[]int{2}, []float64{1, 2}, "f8"}, a)
	}
	_, err := Read(archive(t, []string{"x.npy", "y.npy"}, one))
	require.ErrorContains(t, err, "an archive of 2 arrays (x, y), want one")
	require.False(t, IsArray([]byte("0,1")))
	require.False(t, IsArray([]byte("PK\x03\x04 data.pkl")))
}

package ndarray

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// archive stores members uncompressed, so that their bytes can be found.
func archive(t *testing.T, names []string, members ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, name := range names {
		m, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		require.NoError(t, err)
		_, err = m.Write(members[min(i, len(members)-1)])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestReadNPZ(t *testing.T) {
	a := raw("<f8", false, "(2,)", binary.LittleEndian, []float64{1, 2})
	b := raw("<f8", false, "(1,)", binary.LittleEndian, []float64{3})
	list, err := ReadNPZ(archive(t, []string{"z.npy", "a"}, a, b))
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, []string{"z", "a"}, []string{list[0].Name, list[1].Name}, "in the order of the file")
	require.Equal(t, []float64{1, 2}, list[0].Data)
	require.Equal(t, []float64{3}, list[1].Data)

	whole := archive(t, []string{"x.npy"}, a)
	damaged := bytes.Clone(whole)
	damaged[bytes.Index(damaged, a)+len(a)-1]++ // a byte of the last number
	many := make([]string, MaxMembers+1)
	for i := range many {
		many[i] = strconv.Itoa(i)
	}
	for want, file := range map[string][]byte{
		"not a readable .npz file":                               whole[:len(whole)-5],
		"tensor x: the file has two of that name":                archive(t, []string{"x.npy", "x"}, a),
		"tensor x: not a readable .npy file":                     archive(t, []string{"x.npy"}, []byte("no array at all")),
		"tensor x: not readable: damaged: its checksum is wrong": damaged,
		"an archive of 4097 members, want at most 4096":          archive(t, many, nil),
	} {
		_, err := ReadNPZ(file)
		require.Error(t, err, want)
		require.Contains(t, unquoted(err.Error()), want)
	}
	r, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	require.NoError(t, err)
	_, err = unpack(r.File[0], int64(len(a)))
	require.NoError(t, err)
	_, err = unpack(r.File[0], int64(len(a))-1)
	require.ErrorIs(t, err, errUnpacked)
}

func unquoted(text string) string { return string(bytes.ReplaceAll([]byte(text), []byte(`"`), nil)) }

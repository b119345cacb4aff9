package weights

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"codeberg.org/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"

	"causalgrad/theory/ndarray"
)

// maxTensorBytes bounds what one member of an archive may unpack to; a 32-bit int
// does not hold it.
const maxTensorBytes int64 = 8*ndarray.MaxElements + 1<<16

// decodeNPZ reads NumPy's archive of .npy arrays, compressed or not.
func decodeNPZ(data []byte) (tensors []Tensor, err error) {
	r, err := npz.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("not a readable .npz file: %w", err)
	}
	seen := map[string]bool{} // only looked up
	for _, key := range r.Keys() {
		name := strings.TrimSuffix(key, ".npy")
		if seen[name] {
			return nil, fmt.Errorf("tensor %q: the file has two of that name", name)
		}
		seen[name] = true
		member, err := unpack(r, key)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: not readable: %w", name, err)
		}
		a, err := ndarray.ReadNPY(member)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		tensors = append(tensors, Tensor{name, a.Shape, a.Data})
	}
	sortByName(tensors)
	return tensors, nil
}

// unpack reads a member whole; the archive's checksum is verified on the way.
func unpack(r *npz.Reader, key string) ([]byte, error) {
	member, err := r.Open(key)
	if err != nil {
		return nil, err
	}
	defer func() { _ = member.Close() }() // nothing was written
	data, err := io.ReadAll(io.LimitReader(member, maxTensorBytes+1))
	if err == nil && int64(len(data)) > maxTensorBytes {
		err = fmt.Errorf("unpacks to more than %d bytes", maxTensorBytes)
	}
	return data, err
}

// encodeNPZ writes what numpy.load reads. The format has no place for notes.
func encodeNPZ(tensors []Tensor, _ map[string]string) ([]byte, error) {
	var buffer bytes.Buffer
	w := npz.NewWriter(&buffer)
	for _, t := range tensors {
		// Matrices alone: every block is one.
		if err := w.Write(t.Name+".npy", mat.NewDense(t.Shape[0], t.Shape[1], t.Data)); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

func sortByName(tensors []Tensor) {
	slices.SortFunc(tensors, func(a, b Tensor) int { return cmp.Compare(a.Name, b.Name) })
}

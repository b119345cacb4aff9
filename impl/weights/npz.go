package weights

import (
	"archive/zip"
	"bytes"
	"cmp"
	"slices"

	"causalgrad/theory/ndarray"
)

// decodeNPZ reads NumPy's archive of .npy arrays, compressed or not.
func decodeNPZ(data []byte) ([]Tensor, error) {
	arrays, err := ndarray.ReadNPZ(data)
	if err != nil {
		return nil, err
	}
	var tensors []Tensor
	for _, a := range arrays {
		tensors = append(tensors, Tensor{a.Name, a.Shape, a.Data})
	}
	sortByName(tensors)
	return tensors, nil
}

// encodeNPZ writes what numpy.load reads. The format has no place for notes.
func encodeNPZ(tensors []Tensor, _ map[string]string) ([]byte, error) {
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	for _, t := range tensors {
		member, err := w.CreateHeader(&zip.FileHeader{Name: t.Name + ".npy", Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := member.Write(ndarray.WriteNPY(t.Shape, t.Data)); err != nil {
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

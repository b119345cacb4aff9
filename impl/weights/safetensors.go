package weights

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/nlpodyssey/safetensors"

	"causalgrad/theory/ndarray"
)

// decodeSafetensors reads a .safetensors file. The library keeps the last of
// two tensors of one name, so the header is scanned for them first.
func decodeSafetensors(data []byte) ([]Tensor, error) {
	if err := checkHeader(data); err != nil {
		return nil, err
	}
	file, err := safetensors.Deserialize(data)
	if err != nil {
		return nil, fmt.Errorf("not a readable .safetensors file: %w", err)
	}
	var tensors []Tensor
	total := 0
	for _, view := range file.Tensors() {
		t, err := fromView(view)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", view.Name, err)
		}
		if total += len(t.Data); total > ndarray.MaxElements {
			return nil, fmt.Errorf("the file has more than %d numbers", ndarray.MaxElements)
		}
		tensors = append(tensors, t)
	}
	sortByName(tensors)
	return tensors, nil
}

// checkHeader wants a whole header without a name that occurs twice.
func checkHeader(data []byte) error {
	if len(data) < 8 {
		return errors.New("not a readable .safetensors file: shorter than its header's length")
	}
	n := binary.LittleEndian.Uint64(data)
	if n > uint64(len(data)-8) {
		return fmt.Errorf("not a readable .safetensors file: a header of %d bytes, but %d follow: the file is truncated", n, len(data)-8)
	}
	header := json.NewDecoder(bytes.NewReader(data[8 : 8+n]))
	seen := map[string]bool{} // only looked up
	for depth, key := 0, false; ; {
		token, err := header.Token()
		if err != nil {
			return nil // the end, or damage that the library's own reading reports
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				depth++
			} else {
				depth--
			}
			key = depth == 1
		case string:
			if depth != 1 {
				continue
			}
			if key && seen[token] {
				return fmt.Errorf("tensor %q: the file has two of that name", token)
			}
			seen[token], key = true, false
		}
	}
}

func fromView(view safetensors.NamedTensorView) (Tensor, error) {
	t := Tensor{Name: view.Name, Shape: []int{}}
	for _, size := range view.TensorView.Shape() {
		t.Shape = append(t.Shape, int(min(size, math.MaxInt)))
	}
	n, ok := ndarray.Elements(t.Shape)
	if !ok {
		return Tensor{}, fmt.Errorf("shape %v, want at most %d numbers", t.Shape, ndarray.MaxElements)
	}
	kind, ok := safetensorsKinds[view.TensorView.DType()]
	if !ok {
		return Tensor{}, fmt.Errorf("type %v, want a real one", view.TensorView.DType())
	}
	raw := view.TensorView.Data()
	if len(raw) != n*kind.Width() {
		return Tensor{}, fmt.Errorf("%d bytes, want %d for shape %v", len(raw), n*kind.Width(), t.Shape)
	}
	var err error
	t.Data, err = kind.Decode(raw, false)
	return t, err
}

// safetensorsKinds are the types that are read, all widened exactly.
var safetensorsKinds = map[safetensors.DType]ndarray.Kind{safetensors.F64: "f8", safetensors.F32: "f4", safetensors.F16: "f2",
	safetensors.BF16: ndarray.BFloat16, safetensors.I64: "i8", safetensors.I32: "i4", safetensors.I16: "i2", safetensors.I8: "i1",
	safetensors.U64: "u8", safetensors.U32: "u4", safetensors.U16: "u2", safetensors.U8: "u1", safetensors.BOOL: "b1"}

// rawTensor is a Tensor as the library wants it.
type rawTensor struct {
	shape []uint64
	data  []byte
}

func (r rawTensor) DType() safetensors.DType { return safetensors.F64 }
func (r rawTensor) Shape() []uint64          { return r.shape }
func (r rawTensor) Data() []byte             { return r.data }
func (r rawTensor) DataLen() uint64          { return uint64(len(r.data)) }

// encodeSafetensors writes float64 tensors with notes as the file's metadata.
func encodeSafetensors(tensors []Tensor, notes map[string]string) ([]byte, error) {
	views := map[string]rawTensor{} // the library sorts them
	for _, t := range tensors {
		r := rawTensor{data: make([]byte, 0, 8*len(t.Data))}
		for _, size := range t.Shape {
			r.shape = append(r.shape, uint64(size))
		}
		for _, v := range t.Data {
			r.data = binary.LittleEndian.AppendUint64(r.data, math.Float64bits(v))
		}
		views[t.Name] = r
	}
	return safetensors.Serialize(views, notes)
}

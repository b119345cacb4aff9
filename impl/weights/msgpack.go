package weights

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"causalgrad/theory/ndarray"
	"causalgrad/theory/userfile"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// The extension types that flax.serialization gives an array and a NumPy number:
// a msgpack list of the shape, the name of the type and the bytes.
const (
	flaxArray  = 1
	flaxNumber = 3
)

// flaxKinds are NumPy's names of the types that are read.
var flaxKinds = map[string]ndarray.Kind{"float64": "f8", "float32": "f4", "float16": "f2", "bfloat16": ndarray.BFloat16,
	"int64": "i8", "int32": "i4", "int16": "i2", "int8": "i1", "uint64": "u8", "uint32": "u4", "uint16": "u2", "uint8": "u1", "bool": "b1"}

// decodeMsgpack reads what flax.serialization.to_bytes writes: maps of maps
// with arrays at their ends, which are named by their keys joined with dots.
func decodeMsgpack(data []byte) ([]Tensor, error) {
	f := flaxFile{decoder: msgpack.NewDecoder(bytes.NewReader(data)), left: len(data)}
	if err := f.value("", 0); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the file is truncated")
		}
		return nil, fmt.Errorf("not a readable msgpack file of flax: %w", err)
	}
	if _, err := f.decoder.PeekCode(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a readable msgpack file of flax: bytes are left over")
	}
	sortByName(f.tensors)
	for i := range f.tensors[min(1, len(f.tensors)):] {
		if f.tensors[i].Name == f.tensors[i+1].Name {
			return nil, fmt.Errorf("tensor %q: the file has two of that name", f.tensors[i].Name)
		}
	}
	return f.tensors, nil
}

type flaxFile struct {
	decoder *msgpack.Decoder
	left    int // bytes that an array may still claim
	tensors []Tensor
}

// maxDepth bounds the nesting of maps.
const maxDepth = 16

// value reads a map, a list, an array or a number whose name is known.
func (f *flaxFile) value(name string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("nested more than %d deep", maxDepth)
	}
	code, err := f.decoder.PeekCode()
	if err != nil {
		return err
	}
	switch {
	case msgpcode.IsFixedMap(code), code == msgpcode.Map16, code == msgpcode.Map32:
		n, err := f.decoder.DecodeMapLen()
		for i := 0; i < n && err == nil; i++ {
			var key string
			if key, err = f.decoder.DecodeString(); err == nil {
				err = f.value(join(name, key), depth+1)
			}
		}
		return err
	case msgpcode.IsFixedArray(code), code == msgpcode.Array16, code == msgpcode.Array32:
		n, err := f.decoder.DecodeArrayLen()
		for i := 0; i < n && err == nil; i++ {
			err = f.value(join(name, strconv.Itoa(i)), depth+1)
		}
		return err
	case msgpcode.IsExt(code):
		return f.array(name)
	}
	return f.plain(name)
}

// plain reads a number of Python; None is nothing.
func (f *flaxFile) plain(name string) error {
	v, err := f.decoder.DecodeInterfaceLoose()
	if err != nil {
		return err
	}
	t := Tensor{Name: name, Shape: []int{}}
	switch v := v.(type) {
	case nil:
		return nil
	case int64:
		t.Data = []float64{float64(v)}
	case uint64:
		t.Data = []float64{float64(v)}
	case float64:
		t.Data = []float64{v}
	default:
		return fmt.Errorf("tensor %q: want an array", userfile.Printable(name))
	}
	f.tensors = append(f.tensors, t)
	return nil
}

func join(name, key string) string {
	if name == "" {
		return key
	}
	return name + "." + key
}

func (f *flaxFile) array(name string) error {
	kind, length, err := f.decoder.DecodeExtHeader()
	if err != nil {
		return err
	}
	if length < 0 || length > f.left {
		return io.ErrUnexpectedEOF
	}
	f.left -= length
	raw := make([]byte, length)
	if err := f.decoder.ReadFull(raw); err != nil {
		return err
	}
	if kind != flaxArray && kind != flaxNumber {
		return fmt.Errorf("tensor %q: extension type %d, want an array", userfile.Printable(name), kind)
	}
	t, err := flaxTensor(name, raw)
	if err != nil {
		return fmt.Errorf("tensor %q: %w", userfile.Printable(name), err)
	}
	f.tensors = append(f.tensors, t)
	return nil
}

// flaxTensor reads the inside of an array's extension.
func flaxTensor(name string, raw []byte) (Tensor, error) {
	d := msgpack.NewDecoder(bytes.NewReader(raw))
	if n, err := d.DecodeArrayLen(); err != nil || n != 3 {
		return Tensor{}, errors.New("want an array of a shape, a type and bytes")
	}
	axes, err := d.DecodeArrayLen()
	if err != nil || axes < 0 || axes > maxDepth {
		return Tensor{}, errors.New("want a shape")
	}
	shape := make([]int, axes)
	for i := range shape {
		size, err := d.DecodeInt64()
		if err != nil || size < 0 || size > ndarray.MaxElements {
			return Tensor{}, errors.New("want a shape")
		}
		shape[i] = int(size)
	}
	dtype, err := d.DecodeString()
	if err != nil {
		return Tensor{}, errors.New("want the name of a type")
	}
	kind, ok := flaxKinds[dtype]
	if !ok {
		return Tensor{}, fmt.Errorf("type %q, want a real one", userfile.Printable(dtype))
	}
	n, err := d.DecodeBytesLen()
	if err != nil || n < 0 || n > len(raw) {
		return Tensor{}, errors.New("want bytes")
	}
	flat := raw[len(raw)-n:]
	if want, ok := ndarray.Elements(shape); !ok || want*kind.Width() != n {
		return Tensor{}, fmt.Errorf("%d bytes of %s for shape %v", n, dtype, shape)
	}
	values, err := kind.Decode(flat, false)
	return Tensor{name, shape, values}, err
}

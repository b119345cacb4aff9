package weights

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"causalgrad/impl/durable"
	"causalgrad/impl/model"
)

// Tensor is one named array of a file, row-major.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float64
}

// Formats names the file name endings that Read and Write know.
const Formats = ".npz or .safetensors"

// maxFileSize bounds a file: the largest model has 2^26 parameters a block.
const maxFileSize = 4 << 30

// Read reads every tensor of a file, sorted by name. Every error names the
// file; one about a tensor names that too.
func Read(name string) ([]Tensor, error) {
	tensors, err := read(name)
	if err == nil {
		err = checkFinite(tensors)
	}
	if err != nil {
		return nil, fileError(name, err)
	}
	return tensors, nil
}

func read(name string) ([]Tensor, error) {
	decode := decoder(name)
	if decode == nil {
		return nil, errors.New("want a file name that ends in " + Formats)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileSize {
		return nil, fmt.Errorf("want a file of at most %d bytes", int64(maxFileSize))
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return decode(data)
}

func decoder(name string) func([]byte) ([]Tensor, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".npz":
		return decodeNPZ
	case ".safetensors":
		return decodeSafetensors
	}
	return nil
}

// Write writes the parameters of a model, laid out as m.Layout(), whole or not
// at all. Equal parameters give equal bytes. Parameters that are not finite,
// which Read would refuse, are an error.
func Write(name string, m model.Model, params []float64) error {
	if n := m.Layout().Size(); len(params) != n {
		return fileError(name, fmt.Errorf("%d parameters, want %d for model %q", len(params), n, m.Name()))
	}
	var encode func([]Tensor, map[string]string) ([]byte, error)
	switch strings.ToLower(filepath.Ext(name)) {
	case ".npz":
		encode = encodeNPZ
	case ".safetensors":
		encode = encodeSafetensors
	default:
		return fileError(name, errors.New("want a file name that ends in "+Formats))
	}
	var tensors []Tensor
	for _, b := range m.Layout() {
		tensors = append(tensors, Tensor{b.Name, []int{b.Rows, b.Cols}, b.Of(params)})
	}
	if err := checkFinite(tensors); err != nil {
		return fileError(name, err)
	}
	data, err := encode(tensors, map[string]string{"schema": "causalgrad/weights/1", "model": m.Name(),
		"tokens": fmt.Sprint(m.Tokens()), "length": fmt.Sprint(m.SequenceLength())})
	if err != nil {
		return fileError(name, err)
	}
	return durable.WriteFile(name, data)
}

// CheckName reports whether Write could write a file of that name, before a
// long training.
func CheckName(name string) error {
	if decoder(name) == nil {
		return fileError(name, errors.New("want a file name that ends in "+Formats))
	}
	return nil
}

func checkFinite(tensors []Tensor) error {
	for _, t := range tensors {
		for i, v := range t.Data {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("tensor %q: entry %d is %v, want finite numbers", t.Name, i, v)
			}
		}
	}
	return nil
}

// fileError names the file and drops the operation's name from its error.
func fileError(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("file %s: %w", name, err)
}

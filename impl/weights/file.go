package weights

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"causalgrad/impl/durable"
	"causalgrad/impl/model"
	"causalgrad/theory/suggest"
	"causalgrad/theory/userfile"
)

// Tensor is one named array of a file, row-major.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float64
}

// Formats names the file name endings that Read knows; Write knows the first two.
const Formats = ".npz, .safetensors or, to read, .msgpack of flax"

// maxFileSize bounds a file: the largest model has 2^26 parameters a block.
const maxFileSize = 4 << 30

// ReadOptions say which tensors of a file are the model's.
type ReadOptions struct {
	// Prefix begins the names of the model's tensors and is taken off; tensors
	// without it are left out.
	Prefix string
	// Ignore names tensors that are left out, as the file has them.
	Ignore []string
}

// Read reads the model's tensors of a file under the names of the package
// comment, sorted by name, with notes on what was renamed or left out. Every
// error names the file; one about a tensor names that too.
func Read(name string, o ReadOptions) ([]Tensor, []string, error) {
	tensors, err := read(name)
	var notes []string
	if err == nil {
		tensors, notes, err = o.arrange(tensors)
	}
	if err == nil {
		err = checkFinite(tensors)
	}
	if err != nil {
		return nil, nil, userfile.Error(name, err)
	}
	for i, note := range notes {
		notes[i] = fmt.Sprintf("file %s: %s", userfile.Printable(name), note)
	}
	return tensors, notes, nil
}

func read(name string) ([]Tensor, error) {
	data, err := userfile.Read(name, maxFileSize)
	if err != nil {
		return nil, err
	}
	decode := decoder(name)
	if decode == nil && filepath.Ext(name) == "" {
		decode = decoderOf(data)
	}
	if foreign := userfile.Foreign(data); foreign == userfile.Pickle {
		return nil, pickled(name)
	} else if decode == nil && foreign != "" {
		return nil, fmt.Errorf("is %s; want a file name that ends in %s", foreign, Formats)
	}
	if decode == nil {
		return nil, errors.New("want a file name that ends in " + Formats)
	}
	return decode(data)
}

// pickled refuses a file that only running it could read, with the two lines of
// Python that convert it.
func pickled(name string) error {
	base := userfile.Printable(filepath.Base(name))
	convert := fmt.Sprintf("import torch, safetensors.torch as s; s.save_file(torch.load(%q, weights_only=True), \"w.safetensors\")", base)
	if strings.EqualFold(filepath.Ext(name), ".pkl") || strings.EqualFold(filepath.Ext(name), ".pickle") {
		convert = fmt.Sprintf("import jax, numpy, pickle; numpy.savez(\"w.npz\", *jax.tree_util.tree_leaves(pickle.load(open(%q, \"rb\"))))",
			base)
	}
	return fmt.Errorf("is %s, which runs code when it is loaded: convert it in Python: %s", userfile.Pickle, convert)
}

func decoder(name string) func([]byte) ([]Tensor, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".npz":
		return decodeNPZ
	case ".safetensors":
		return decodeSafetensors
	case ".msgpack":
		return decodeMsgpack
	}
	return nil
}

// decoderOf tells the format of a pipe, whose name has no ending, by its first
// bytes; nil where they are those of none.
func decoderOf(data []byte) func([]byte) ([]Tensor, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK")):
		return decodeNPZ
	case len(data) > 8 && data[8] == '{': // behind the length of its header
		return decodeSafetensors
	case len(data) > 0 && (data[0]&0xf0 == 0x80 || data[0] == 0xde): // a map
		return decodeMsgpack
	}
	return nil
}

// Layout is how Write names and shapes tensors.
type Layout string

// The layouts: the names of the package comment, and the official code's, whose
// A{l} has the shape (heads, d, d).
const (
	Named    Layout = "named"
	Official Layout = "official"
)

// Write writes the parameters of a model, laid out as m.Layout(), whole or not
// at all. Equal parameters give equal bytes. Parameters that are not finite,
// which Read would refuse, are an error.
func Write(name string, m model.Model, params []float64, layout Layout) error {
	if n := m.Layout().Size(); len(params) != n {
		return userfile.Error(name, fmt.Errorf("%d parameters, want %d for model %q", len(params), n, m.Name()))
	}
	encode := encoder(name)
	if err := CheckName(name, layout); err != nil {
		return err
	}
	var tensors []Tensor
	for _, b := range m.Layout() {
		tensors = append(tensors, Tensor{b.Name, []int{b.Rows, b.Cols}, b.Of(params)})
	}
	if err := checkFinite(tensors); err != nil {
		return userfile.Error(name, err)
	}
	if layout == Official {
		tensors = official(m, tensors)
	}
	data, err := encode(tensors, map[string]string{"schema": "causalgrad/weights/1", "model": m.Name(),
		"tokens": fmt.Sprint(m.Tokens()), "length": fmt.Sprint(m.SequenceLength())})
	if err != nil {
		return userfile.Error(name, err)
	}
	return durable.WriteFile(name, data)
}

func encoder(name string) func([]Tensor, map[string]string) ([]byte, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".npz":
		return encodeNPZ
	case ".safetensors":
		return encodeSafetensors
	}
	return nil
}

// CheckName reports whether Write could write a file of that name, before a
// long training.
func CheckName(name string, layout Layout) error {
	if encoder(name) == nil {
		return userfile.Error(name, errors.New("want a file name that ends in .npz or .safetensors"))
	}
	if layout != Named && layout != Official {
		return fmt.Errorf("layout %q, want %s or %s%s", userfile.Printable(string(layout)), Named, Official, suggest.Meant(string(layout), string(Named), string(Official)))
	}
	return nil
}

func checkFinite(tensors []Tensor) error {
	for _, t := range tensors {
		for i, v := range t.Data {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("tensor %q: entry %d is %v, want finite numbers", userfile.Printable(t.Name), i, v)
			}
		}
	}
	return nil
}

package implaws

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
)

// The file formats of weights as their specifications write them, apart from
// the libraries that a subject may use: .npz is a zip archive of .npy files,
// .safetensors a JSON header and the bytes of all tensors.

// tensor is one array of a file, row-major.
type tensor struct {
	name  string
	shape []int
	data  []float64
	kind  string // f8, f4 or i8
}

// raw is the tensor's little-endian bytes.
func (x tensor) raw() []byte {
	var b []byte
	for _, v := range x.data {
		switch x.kind {
		case "f4":
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
		case "i8":
			b = binary.LittleEndian.AppendUint64(b, uint64(int64(v)))
		default:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	return b
}

// npy is version 1.0 of NumPy's format: magic, length, a Python literal padded
// with spaces to a multiple of 64 bytes, data.
func (x tensor) npy() []byte {
	var shape strings.Builder
	for _, n := range x.shape {
		fmt.Fprintf(&shape, "%d, ", n)
	}
	text := shape.String()
	if len(x.shape) > 1 {
		text = strings.TrimSuffix(text, ", ")
	} else {
		text = strings.TrimSuffix(text, " ")
	}
	header := fmt.Sprintf("{'descr': '<%s', 'fortran_order': False, 'shape': (%s), }", x.kind, text)
	header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
	b := []byte("\x93NUMPY\x01\x00")
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	return append(append(b, header...), x.raw()...)
}

// npzFile is the archive of the tensors in their order, packed or not.
func npzFile(tensors []tensor, packed bool) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, x := range tensors {
		method := zip.Store
		if packed {
			method = zip.Deflate
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: x.name + ".npy", Method: method})
		if err == nil {
			_, err = f.Write(x.npy())
		}
		if err != nil {
			panic(err) // a buffer takes everything
		}
	}
	if err := w.Close(); err != nil {
		panic(err) // as above
	}
	return b.Bytes()
}

// safetensorsFile is the header with the tensors in their order, then the data.
func safetensorsFile(tensors []tensor) []byte {
	var header, data []byte
	for _, x := range tensors {
		kind := map[string]string{"f8": "F64", "f4": "F32", "i8": "I64"}[x.kind]
		raw := x.raw()
		entry, err := json.Marshal(map[string]any{"dtype": kind, "shape": x.shape, "data_offsets": []int{len(data), len(data) + len(raw)}})
		if err != nil {
			panic(err) // words and whole numbers always marshal
		}
		header = fmt.Appendf(header, ",%q:%s", x.name, entry)
		data = append(data, raw...)
	}
	header = append([]byte("{"), append(bytes.TrimPrefix(header, []byte(",")), '}')...)
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

// parseSafetensors reads the tensors of a file by name, float64 ones alone.
func parseSafetensors(b []byte) (map[string]tensor, error) {
	if len(b) < 8 || binary.LittleEndian.Uint64(b) > uint64(len(b)-8) {
		return nil, fmt.Errorf("no header in %d bytes", len(b))
	}
	n := 8 + binary.LittleEndian.Uint64(b)
	var header map[string]json.RawMessage
	if err := json.Unmarshal(b[8:n], &header); err != nil {
		return nil, err
	}
	all := map[string]tensor{}
	for name, text := range header {
		if name == "__metadata__" {
			continue
		}
		var entry struct {
			Dtype       string `json:"dtype"`
			Shape       []int  `json:"shape"`
			DataOffsets [2]int `json:"data_offsets"`
		}
		if err := json.Unmarshal(text, &entry); err != nil {
			return nil, err
		}
		from, to := int(n)+entry.DataOffsets[0], int(n)+entry.DataOffsets[1]
		if entry.Dtype != "F64" || from > to || to > len(b) {
			return nil, fmt.Errorf("tensor %q: %s at %d to %d of %d bytes", name, entry.Dtype, from, to, len(b))
		}
		all[name] = tensor{name, entry.Shape, float64s(b[from:to]), "f8"}
	}
	return all, nil
}

// parseNPZ reads the arrays of an archive by name, float64 ones in C order alone.
func parseNPZ(b []byte) (map[string]tensor, error) {
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	all := map[string]tensor{}
	for _, f := range archive.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			return nil, fmt.Errorf("member %q", f.Name)
		}
		if all[name], err = parseMember(f, name); err != nil {
			return nil, fmt.Errorf("member %q: %w", f.Name, err)
		}
	}
	return all, nil
}

func parseMember(f *zip.File, name string) (tensor, error) {
	r, err := f.Open()
	if err != nil {
		return tensor{}, err
	}
	defer func() { _ = r.Close() }() // nothing was written
	b, err := io.ReadAll(r)
	if err != nil {
		return tensor{}, err
	}
	// Magic, then the version, whose first byte tells the length's width.
	if len(b) < 12 || string(b[:6]) != "\x93NUMPY" {
		return tensor{}, fmt.Errorf("no .npy file: % x", b[:min(len(b), 12)])
	}
	from, width := 10, int(binary.LittleEndian.Uint16(b[8:]))
	if b[6] > 1 {
		from, width = 12, int(binary.LittleEndian.Uint32(b[8:]))
	}
	if from+width > len(b) {
		return tensor{}, fmt.Errorf("a header of %d bytes", width)
	}
	header := string(b[from : from+width])
	x := tensor{name: name, kind: "f8", data: float64s(b[from+width:])}
	if !strings.Contains(header, "<f8") || !strings.Contains(header, "False") {
		return tensor{}, fmt.Errorf("header %q", header)
	}
	_, shape, _ := strings.Cut(header, "(")
	shape, _, _ = strings.Cut(shape, ")")
	for word := range strings.SplitSeq(shape, ",") {
		var n int
		if _, err := fmt.Sscan(word, &n); err == nil {
			x.shape = append(x.shape, n)
		}
	}
	return x, nil
}

func float64s(b []byte) []float64 {
	values := make([]float64, len(b)/8)
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return values
}

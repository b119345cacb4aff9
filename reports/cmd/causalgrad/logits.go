package main

import (
	"bytes"
	"fmt"
	"strings"

	"causalgrad/theory/ndarray"
	"causalgrad/theory/userfile"
)

// maxLogitsSize bounds a file of first-layer logits, in bytes.
const maxLogitsSize = 1 << 30

// readLogits reads the first layer's logits A1 from a .npy array, a JSON nested
// list, a table of numbers as text, or the nested list itself: T rows, of which
// row i has at least its entries 0..i. What stands above the diagonal is masked
// and not looked at. Errors name the file.
func readLogits(name string, length int) ([][]float64, error) {
	rows, err := logits(name)
	if err == nil && len(rows) != length {
		err = fmt.Errorf("A1 has %d rows, want %d, the sequence length", len(rows), length)
	}
	for i, row := range rows {
		if err == nil && (len(row) < i+1 || len(row) > length) {
			err = fmt.Errorf("A1[%d] has %d entries, want %d (or %d, up to the diagonal)", i, len(row), length, i+1)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("--a1: %w", userfile.Error(name, err))
	}
	return rows, nil
}

func logits(name string) ([][]float64, error) {
	data := []byte(name)
	if !strings.HasPrefix(name, "[") {
		var err error
		if data, err = userfile.Read(name, maxLogitsSize); err != nil {
			return nil, err
		}
	}
	if bytes.HasPrefix(data, []byte("\x93NUMPY")) {
		a, err := ndarray.ReadNPY(data)
		if err != nil {
			return nil, err
		}
		if len(a.Shape) != 2 {
			return nil, fmt.Errorf("array of shape %v, want T x T", a.Shape)
		}
		rows := make([][]float64, a.Shape[0])
		for i := range rows {
			rows[i] = a.Data[i*a.Shape[1]:][:a.Shape[1]]
		}
		return rows, nil
	}
	text, err := userfile.Text(data)
	if err != nil {
		return nil, fmt.Errorf("%w; logits are read from a .npy array, a JSON nested list or a table of numbers", err)
	}
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		v, err := userfile.ParseJSON([]byte(text))
		if err != nil {
			return nil, err
		}
		return v.Matrix("A1")
	}
	m, err := userfile.ParseMatrix(text)
	return m.Values, err
}

package main

import (
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
// and not looked at. Notes say what was decided in reading; errors name the file.
func readLogits(name string, length int) (rows [][]float64, notes []string, err error) {
	rows, notes, err = logits(name)
	if err == nil && len(rows) != length {
		err = fmt.Errorf("A1 has %d rows, want %d, the sequence length", len(rows), length)
	}
	for i, row := range rows {
		if err == nil && (len(row) < i+1 || len(row) > length) {
			err = fmt.Errorf("A1[%d] has %d entries, want %d (or %d, up to the diagonal)", i, len(row), length, i+1)
		}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("--a1: %w", userfile.Error(name, err))
	}
	for i, note := range notes {
		notes[i] = fmt.Sprintf("file %s: %s", userfile.Printable(name), note)
	}
	return rows, notes, nil
}

func logits(name string) (rows [][]float64, notes []string, err error) {
	data := []byte(name)
	if !strings.HasPrefix(name, "[") {
		if data, err = userfile.Read(name, maxLogitsSize); err != nil {
			return nil, nil, err
		}
	}
	if ndarray.IsArray(data) {
		a, err := ndarray.Read(data)
		if err != nil {
			return nil, nil, err
		}
		if len(a.Shape) != 2 {
			return nil, nil, fmt.Errorf("array of shape %v, want T x T", a.Shape)
		}
		rows = make([][]float64, a.Shape[0])
		for i := range rows {
			rows[i] = a.Data[i*a.Shape[1]:][:a.Shape[1]]
		}
		return rows, nil, nil
	}
	text, err := userfile.Text(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%w; logits are read from a .npy array, a JSON nested list or a table of numbers", err)
	}
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		v, err := userfile.ParseJSON([]byte(text))
		if err != nil {
			return nil, nil, err
		}
		rows, err = v.Matrix("A1")
		return rows, nil, err
	}
	m, err := userfile.ParseMatrix(text)
	return m.Values, m.Notes, err
}

package markov

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"codeberg.org/sbinet/npyio"
)

// maxFileSize bounds a chain file; MaxTokens^2 numbers as text fit easily.
const maxFileSize = 64 << 20

// ReadChain reads one transition matrix from a file: .csv (a row a line), .npy
// (a square float64 or float32 array), else JSON (a nested list). A name that
// starts with [[ is the nested list itself. Every error names the file.
func ReadChain(name string) (*Chain, error) {
	if strings.HasPrefix(name, "[[") {
		rows, err := parseJSON([]byte(name))
		if err != nil {
			return nil, err
		}
		return NewChain(rows)
	}
	rows, err := readRows(name)
	if err == nil {
		var c *Chain
		if c, err = NewChain(rows); err == nil {
			return c, nil
		}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return nil, fmt.Errorf("file %s: %w", name, err)
}

func readRows(name string) ([][]float64, error) {
	if name == "" {
		return nil, errors.New("no file name given")
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() || info.Size() > maxFileSize {
		return nil, fmt.Errorf("want a file of at most %d bytes", maxFileSize)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return parseCSV(data)
	case ".npy":
		return parseNPY(data)
	}
	return parseJSON(data)
}

func parseJSON(data []byte) ([][]float64, error) {
	var rows [][]float64
	if err := json.Unmarshal(data, &rows); err != nil {
		return nil, fmt.Errorf("want a JSON nested list of numbers: %w", err)
	}
	return rows, nil
}

func parseCSV(data []byte) ([][]float64, error) {
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("want comma-separated numbers: %w", err)
	}
	rows := make([][]float64, len(records))
	for a, record := range records {
		for b, word := range record {
			v, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
			if err != nil {
				return nil, fmt.Errorf("chain[%d][%d] = %q, want a number", a, b, word)
			}
			rows[a] = append(rows[a], v)
		}
	}
	return rows, nil
}

// parseNPY reads a square array. The reader library panics on some corrupt
// headers, and a user's file must not bring the program down.
func parseNPY(data []byte) (rows [][]float64, err error) {
	defer func() {
		if p := recover(); p != nil {
			rows, err = nil, fmt.Errorf("not a readable .npy file: %v", p)
		}
	}()
	r, err := npyio.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("not a readable .npy file: %w", err)
	}
	shape := r.Header.Descr.Shape
	if len(shape) != 2 || shape[0] != shape[1] || shape[0] < MinTokens || shape[0] > MaxTokens {
		return nil, fmt.Errorf("array of shape %v, want a square matrix of %d to %d tokens", shape, MinTokens, MaxTokens)
	}
	s := shape[0]
	flat, err := readFloats(r)
	if err != nil {
		return nil, err
	}
	if len(flat) != s*s {
		return nil, fmt.Errorf("%d numbers for shape %v: the file is truncated", len(flat), shape)
	}
	rows = make([][]float64, s)
	for a := range rows {
		rows[a] = make([]float64, s)
		for b := range s {
			at := a*s + b
			if r.Header.Descr.Fortran {
				at = b*s + a
			}
			rows[a][b] = flat[at]
		}
	}
	return rows, nil
}

func readFloats(r *npyio.Reader) ([]float64, error) {
	switch kind := strings.Trim(r.Header.Descr.Type, "'<>|="); kind {
	case "f8":
		var flat []float64
		err := r.Read(&flat)
		return flat, err
	case "f4":
		var single []float32
		if err := r.Read(&single); err != nil {
			return nil, err
		}
		flat := make([]float64, len(single))
		for i, v := range single {
			flat[i] = float64(v)
		}
		return flat, nil
	default:
		return nil, fmt.Errorf("array of type %q, want float64 (f8) or float32 (f4)", r.Header.Descr.Type)
	}
}

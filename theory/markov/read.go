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

	"causalgrad/theory/ndarray"
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
	return nil, fileError(name, err)
}

// fileError names the file, and drops the operation's name from its error.
func fileError(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("file %s: %w", name, err)
}

// readFile reads a whole file of at most maxFileSize bytes.
func readFile(name string) ([]byte, error) {
	if name == "" {
		return nil, errors.New("no file name given")
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileSize {
		return nil, fmt.Errorf("want a file of at most %d bytes", maxFileSize)
	}
	return os.ReadFile(name)
}

func readRows(name string) ([][]float64, error) {
	data, err := readFile(name)
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

// parseNPY reads a square array.
func parseNPY(data []byte) ([][]float64, error) {
	a, err := ndarray.ReadNPY(data)
	if err != nil {
		return nil, err
	}
	if len(a.Shape) != 2 || a.Shape[0] != a.Shape[1] || a.Shape[0] < MinTokens || a.Shape[0] > MaxTokens {
		return nil, fmt.Errorf("array of shape %v, want a square matrix of %d to %d tokens", a.Shape, MinTokens, MaxTokens)
	}
	return split(a.Data, a.Shape[1]), nil
}

// split cuts row-major numbers into rows of the given width.
func split(flat []float64, width int) [][]float64 {
	rows := make([][]float64, len(flat)/width)
	for a := range rows {
		rows[a] = flat[a*width : (a+1)*width]
	}
	return rows
}

package infer

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Sequences is N rows of Columns tokens below Tokens, row-major.
type Sequences struct {
	N, Columns, Tokens int
	Data               []uint16
}

// Row is sequence n.
func (s Sequences) Row(n int) []uint16 { return s.Data[n*s.Columns : (n+1)*s.Columns] }

// maxCells bounds the numbers of a file.
const maxCells = 1 << 28

// ReadCSV reads sequences, one a line, tokens as integers from 0. header skips
// the first line. tokens is the vocabulary size S, or 0 for the largest token
// plus 1. Every error names the file, and the line where there is one.
func ReadCSV(name string, tokens int, header bool) (Sequences, error) {
	f, err := os.Open(name)
	if err != nil {
		return Sequences{}, fileError(name, err)
	}
	defer func() { _ = f.Close() }() // only read
	s, err := parseCSV(f, tokens, header)
	if err != nil {
		return Sequences{}, fileError(name, err)
	}
	return s, nil
}

// fileError names the file and drops the operation's name from its error.
func fileError(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("file %s: %w", name, err)
}

// oversized tells whether n rows of so many columns are above the bounds.
func oversized(n, columns int) bool {
	return n*columns > maxCells || columns > graph.MaxSequenceLength+1
}

func parseCSV(r io.Reader, tokens int, header bool) (Sequences, error) {
	if tokens != 0 && (tokens < markov.MinTokens || tokens > markov.MaxTokens) {
		return Sequences{}, fmt.Errorf("tokens = %d, want %d to %d", tokens, markov.MinTokens, markov.MaxTokens)
	}
	reader := csv.NewReader(r)
	reader.ReuseRecord = true
	s := Sequences{Tokens: tokens}
	most := markov.MaxTokens
	if tokens != 0 {
		most = tokens
	}
	for first := true; ; first = false {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Sequences{}, fmt.Errorf("want comma-separated tokens, the same number on every line: %w", err)
		}
		if first && header {
			continue
		}
		s.Columns = len(record)
		if s.N++; oversized(s.N, s.Columns) {
			return Sequences{}, fmt.Errorf("more than %d columns or %d numbers", graph.MaxSequenceLength+1, maxCells)
		}
		for column, word := range record {
			v, err := strconv.Atoi(strings.TrimSpace(word))
			if err != nil || v < 0 || v >= most {
				line, _ := reader.FieldPos(column)
				return Sequences{}, fmt.Errorf("line %d, column %d: %q, want a token, an integer from 0 to %d", line, column+1, word, most-1)
			}
			s.Data = append(s.Data, uint16(v))
			if tokens == 0 {
				s.Tokens = max(s.Tokens, v+1)
			}
		}
	}
	if s.N < MinSequences {
		return Sequences{}, fmt.Errorf("%d sequences, want at least %d", s.N, MinSequences)
	}
	if s.Tokens < markov.MinTokens {
		return Sequences{}, fmt.Errorf("all tokens are 0, want at least %d different ones", markov.MinTokens)
	}
	return s, nil
}

// MinSequences is the least number of sequences: below it a t test on these
// skewed products means nothing.
const MinSequences = 20

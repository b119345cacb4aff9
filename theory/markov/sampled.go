package markov

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"causalgrad/theory/ndarray"
	"causalgrad/theory/stream"
)

// Sampled is uniform over the chains of a user's file, for example draws from a
// posterior: its expectations are exact sums over the file. Whether it is closed
// under relabelling, as the theorems want, is for the conditions to say.
type Sampled struct {
	support []*Chain
	name    string
}

// NewSampled validates every matrix as NewChain does, and that all have the
// same number of tokens; an error names the matrix by its 0-based number. name
// is the prior's text in the grammar after "@".
func NewSampled(matrices [][][]float64, name string) (*Sampled, error) {
	if len(matrices) == 0 {
		return nil, errors.New("no transition matrices, want at least one")
	}
	p := &Sampled{name: name}
	for n, rows := range matrices {
		c, err := NewChain(rows)
		if err != nil {
			return nil, fmt.Errorf("matrix %d: %w", n, err)
		}
		if s := p.size(); s != 0 && c.Tokens() != s {
			return nil, fmt.Errorf("matrix %d: %d tokens, but matrix 0 has %d", n, c.Tokens(), s)
		}
		p.support = append(p.support, c)
	}
	return p, nil
}

func (p *Sampled) size() int {
	if len(p.support) == 0 {
		return 0
	}
	return p.support[0].Tokens()
}

// ReadSampled reads the transition matrices of a prior from a file: .npy (an
// array of shape N x S x S, or S x S for one), .csv (S numbers a line, the
// matrices one below the other), else JSON (a list of nested lists). Every
// error names the file.
func ReadSampled(name string) (*Sampled, error) {
	matrices, err := readMatrices(name)
	if err == nil {
		var p *Sampled
		if p, err = NewSampled(matrices, name); err == nil {
			return p, nil
		}
	}
	return nil, fileError(name, err)
}

func readMatrices(name string) ([][][]float64, error) {
	data, err := readFile(name)
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		rows, err := parseCSV(data)
		if err != nil {
			return nil, err
		}
		return stacked(rows)
	case ".npy":
		a, err := ndarray.ReadNPY(data)
		if err != nil {
			return nil, err
		}
		if d := len(a.Shape); d < 2 || d > 3 || a.Shape[d-1] != a.Shape[d-2] || a.Shape[d-1] < MinTokens {
			return nil, fmt.Errorf("array of shape %v, want (N, S, S)", a.Shape)
		}
		return stacked(split(a.Data, a.Shape[len(a.Shape)-1]))
	}
	var matrices [][][]float64
	if err := json.Unmarshal(data, &matrices); err != nil {
		return nil, fmt.Errorf("want a JSON list of matrices (nested lists of numbers): %w", err)
	}
	return matrices, nil
}

// stacked cuts rows of S numbers into S x S matrices.
func stacked(rows [][]float64) ([][][]float64, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	s := len(rows[0])
	if len(rows)%s != 0 {
		return nil, fmt.Errorf("%d rows of %d numbers, want a multiple of %d rows (square matrices)", len(rows), s, s)
	}
	var matrices [][][]float64
	for at := 0; at < len(rows); at += s {
		matrices = append(matrices, rows[at:at+s])
	}
	return matrices, nil
}

// Tokens implements Prior.
func (p *Sampled) Tokens() int { return p.support[0].Tokens() }

// Draw implements Prior.
func (p *Sampled) Draw(s *stream.Stream, dst []float64) {
	copy(dst, p.support[s.IntN(len(p.support))].Flat())
}

// Support implements Finite.
func (p *Sampled) Support() []*Chain { return p.support }

// String is the prior in the grammar of ParsePrior.
func (p *Sampled) String() string { return "@" + p.name }

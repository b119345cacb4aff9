package markov

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"causalgrad/theory/ndarray"
	"causalgrad/theory/userfile"
)

// maxFileSize bounds a chain file; MaxTokens^2 numbers as text fit easily.
const maxFileSize = 64 << 20

// normalised before a file's name in the grammar divides every row by its sum.
const normalised = "normalised:"

// ReadChain reads one transition matrix from a file: a .npy array, a JSON
// nested list, or a table of text, with or without labels. A name that starts
// with [[ is the nested list itself; "normalised:" before either divides every
// row by its sum. Every error names the file.
func ReadChain(name string) (*Chain, error) {
	c, _, err := readChain(name)
	return c, err
}

// readChain is ReadChain with notes on what was decided in reading.
func readChain(name string) (*Chain, []string, error) {
	read, err := readMatrices(name)
	if err != nil {
		return nil, nil, err
	}
	if n := len(read.matrices); n != 1 || len(read.weights) > 0 {
		return nil, nil, read.named(fmt.Errorf("%d matrices, want one; a list is a prior, --prior @FILE", n))
	}
	c, err := NewChain(read.matrices[0])
	return c, read.notes, read.named(err)
}

// content is what a file of matrices says, its rows accepted as distributions.
type content struct {
	name     string // the file's, "" where the text itself is the matrix
	matrices [][][]float64
	weights  []float64 // of the matrices; nil: equal
	notes    []string
}

// named makes an error name the file.
func (c content) named(err error) error {
	if c.name == "" {
		return err
	}
	return userfile.Error(c.name, err)
}

// note says something of the file, or of the text in its place.
func (c *content) note(text string) {
	if c.name != "" {
		text = fmt.Sprintf("file %s: %s", userfile.Printable(c.name), text)
	}
	c.notes = append(c.notes, text)
}

// readMatrices reads a file, or a text that is a nested list.
func readMatrices(text string) (content, error) {
	name, divide := strings.CutPrefix(text, normalised)
	if strings.HasPrefix(name, "[") {
		c := content{}
		err := c.parse([]byte(name), ".json", divide)
		return c, err
	}
	c := content{name: name}
	data, err := userfile.Read(name, maxFileSize)
	if err == nil {
		err = c.parse(data, strings.ToLower(filepath.Ext(name)), divide)
		if err != nil && len(c.notes) > 0 { // what was decided may be what is wrong
			err = fmt.Errorf("%w (%s)", err, strings.Join(c.notes, "; "))
		}
	}
	if err != nil {
		return content{}, c.named(err)
	}
	for i, note := range c.notes {
		c.notes[i] = fmt.Sprintf("file %s: %s", userfile.Printable(name), note)
	}
	return c, nil
}

// parse fills c from a file's bytes; divide divides every row by its sum.
func (c *content) parse(data []byte, extension string, divide bool) error {
	rounding, lines, err := c.numbers(data, extension)
	if err != nil {
		return err
	}
	first, times := map[string]int{}, map[string]int{} // of every note
	var notes []string
	for n, rows := range c.matrices {
		a := acceptor{divide: divide, rounding: rounding, lines: lines}
		if len(c.matrices) > 1 {
			a.place = fmt.Sprintf("matrix %d: ", n)
		}
		note, err := a.accept(rows)
		if err != nil {
			return err
		}
		if note == "" {
			continue
		}
		if times[note]++; times[note] == 1 {
			first[note] = n
			notes = append(notes, note)
		}
	}
	for _, note := range notes {
		switch {
		case len(c.matrices) == 1:
		case times[note] == 1:
			note = fmt.Sprintf("matrix %d: %s", first[note], note)
		default:
			note = fmt.Sprintf("%d of %d matrices, the first %d: %s", times[note], len(c.matrices), first[note], note)
		}
		c.notes = append(c.notes, note)
	}
	return nil
}

// numbers reads the matrices as they are in the file, with the rounding unit
// of the file's numbers (0: that of float64) and, for a table of text, the
// lines of its rows.
func (c *content) numbers(data []byte, extension string) (rounding float64, lines []int, err error) {
	if ndarray.IsArray(data) || extension == ".npy" {
		a, err := ndarray.Read(data)
		if err != nil {
			return 0, nil, err
		}
		c.matrices, err = squares(a)
		return map[ndarray.Kind]float64{"f4": 0x1p-24, "f2": 0x1p-11}[a.Kind], nil, err
	}
	text, err := userfile.Text(data)
	if err != nil {
		return 0, nil, fmt.Errorf("%w; a chain is read from a .npy array, a JSON nested list or a table of numbers as text", err)
	}
	if trimmed := strings.TrimSpace(text); extension == ".json" || strings.HasPrefix(trimmed, "[") || strings.HasPrefix(trimmed, "{") {
		v, err := userfile.ParseJSON([]byte(text))
		if err != nil {
			return 0, nil, fmt.Errorf("want a JSON nested list of numbers: %w", err)
		}
		return 0, nil, c.parseJSON(v)
	}
	table, err := userfile.ParseMatrix(text)
	if err != nil {
		return 0, nil, err
	}
	if c.notes, err = tokenNames(table); err != nil {
		return 0, nil, err
	}
	c.matrices, err = stacked(table.Values)
	return 0, table.Lines, err
}

// tokenNames says which token each label became.
func tokenNames(m userfile.Matrix) ([]string, error) {
	names, err := m.Names()
	if err != nil || names == nil || userfile.Counts(names) {
		return m.Notes, err
	}
	return append(m.Notes, "tokens 0, 1, ... are "+userfile.Printable(strings.Join(names, ", "))), nil
}

// squares cuts an array of shape (S, S) or (N, S, S) into matrices.
func squares(a ndarray.Array) ([][][]float64, error) {
	d := len(a.Shape)
	if d < 2 || d > 3 || a.Shape[d-1] != a.Shape[d-2] || a.Shape[d-1] < MinTokens || a.Shape[d-1] > MaxTokens {
		return nil, fmt.Errorf("array of shape %v, want a square matrix (S, S) or several, (N, S, S), of %d to %d tokens",
			a.Shape, MinTokens, MaxTokens)
	}
	s := a.Shape[d-1]
	rows := make([][]float64, len(a.Data)/s)
	for i := range rows {
		rows[i] = a.Data[i*s : (i+1)*s]
	}
	return stacked(rows)
}

// stacked cuts rows of S numbers into S x S matrices.
func stacked(rows [][]float64) ([][][]float64, error) {
	if len(rows) == 0 {
		return nil, errors.New("no transition matrices, want at least one")
	}
	s := len(rows[0])
	if s == 0 || len(rows)%s != 0 {
		return nil, fmt.Errorf("%d rows of %d numbers, want a multiple of %d rows (square matrices)", len(rows), s, s)
	}
	var matrices [][][]float64
	for at := 0; at < len(rows); at += s {
		matrices = append(matrices, rows[at:at+s])
	}
	return matrices, nil
}

// parseJSON reads a matrix, a list of matrices, or a list of
// {"weight": w, "chain": matrix}.
func (c *content) parseJSON(v userfile.Value) error {
	if err := v.Want(userfile.List, "the document"); err != nil {
		return fmt.Errorf("%w: a JSON nested list of numbers", err)
	}
	switch {
	case len(v.Items) == 0:
		return errors.New("no transition matrices, want at least one")
	case v.Items[0].Kind == userfile.Object:
		return c.parseWeighted(v)
	case v.Items[0].Kind == userfile.List && len(v.Items[0].Items) > 0 && v.Items[0].Items[0].Kind == userfile.List:
		for n, item := range v.Items {
			rows, err := item.Matrix(fmt.Sprintf("matrix %d", n))
			if err != nil {
				return err
			}
			c.matrices = append(c.matrices, rows)
		}
		return nil
	}
	rows, err := v.Matrix("chain")
	c.matrices = [][][]float64{rows}
	return err
}

func (c *content) parseWeighted(v userfile.Value) error {
	for n, item := range v.Items {
		place := fmt.Sprintf("matrix %d", n)
		if err := item.Only("weight", "chain"); err != nil {
			return err
		}
		weight, hasWeight := item.Get("weight")
		chain, hasChain := item.Get("chain")
		if !hasWeight || !hasChain {
			return fmt.Errorf("line %d: %s: want {\"weight\": w, \"chain\": [[...]]}", item.Line, place)
		}
		rows, err := chain.Matrix(place)
		if err == nil {
			err = weight.Want(userfile.Number, "the weight of "+place)
		}
		if err != nil {
			return err
		}
		c.matrices, c.weights = append(c.matrices, rows), append(c.weights, weight.Number)
	}
	return nil
}

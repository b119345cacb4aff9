package infer

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"causalgrad/theory/markov"
	"causalgrad/theory/ndarray"
	"causalgrad/theory/suggest"
	"causalgrad/theory/userfile"
)

// Choice answers a question about a file: Auto looks at the file and refuses it
// where that leaves a doubt.
type Choice string

// The choices, as users write them.
const (
	Auto Choice = "auto"
	Yes  Choice = "yes"
	No   Choice = "no"
)

// ReadOptions says what a file's numbers mean where the file does not.
type ReadOptions struct {
	Tokens    int                // vocabulary size S; 0: the largest token plus 1
	Header    Choice             // the first line is none of the sequences
	Index     Choice             // the first column counts the sequences
	OneBased  Choice             // tokens are counted from 1
	Renumber  bool               // tokens become 0, 1, ... in the order of their numbers
	Separator userfile.Separator // between the tokens of a line
}

// maxFileSize bounds a file of sequences, unpacked.
const maxFileSize = 1 << 30

// Read reads sequences, one a row, from a table of text, a .npy array or an
// .npz archive of one array, packed with gzip or not; "-" is standard input.
// What is certain is decided and said in a note; what is not is refused with
// its line and the flag that decides. Every error names the file.
func Read(name string, o ReadOptions) (Sequences, []string, error) {
	s, notes, err := read(name, o)
	if err != nil {
		return Sequences{}, nil, userfile.Error(name, err)
	}
	for i, note := range notes {
		notes[i] = fmt.Sprintf("file %s: %s", userfile.Printable(name), note)
	}
	return s, notes, nil
}

func read(name string, o ReadOptions) (Sequences, []string, error) {
	if o.Tokens != 0 && (o.Tokens < markov.MinTokens || o.Tokens > markov.MaxTokens) {
		return Sequences{}, nil, fmt.Errorf("tokens = %d, want %d to %d", o.Tokens, markov.MinTokens, markov.MaxTokens)
	}
	for flag, choice := range map[string]Choice{"header": o.Header, "index": o.Index, "one-based": o.OneBased} {
		if !slices.Contains([]Choice{Auto, Yes, No}, choice) {
			return Sequences{}, nil, fmt.Errorf("--%s %q, want yes, no or auto%s", flag, userfile.Printable(string(choice)), suggest.Meant(string(choice), string(Yes), string(No), string(Auto)))
		}
	}
	data, err := userfile.ReadOnce(name, maxFileSize)
	if err != nil {
		return Sequences{}, nil, err
	}
	return parse(data, o)
}

func parse(data []byte, o ReadOptions) (Sequences, []string, error) {
	c, err := cellsOf(data, o.Separator)
	if err != nil {
		return Sequences{}, nil, err
	}
	if err := c.takeHeader(o); err != nil {
		return Sequences{}, nil, err
	}
	if err := c.takeIndex(o.Index); err != nil {
		return Sequences{}, nil, err
	}
	s, err := c.tokens(o)
	return s, c.notes, err
}

func cellsOf(data []byte, separator userfile.Separator) (*cells, error) {
	if ndarray.IsArray(data) {
		a, err := ndarray.Read(data)
		if err != nil {
			return nil, err
		}
		return arrayCells(a)
	}
	text, err := userfile.Text(data)
	if err != nil {
		return nil, fmt.Errorf("%w; sequences are read from a table of text, .npy or .npz", err)
	}
	if begin := strings.TrimSpace(text); strings.HasPrefix(begin, "[") || strings.HasPrefix(begin, "{") {
		return nil, errors.New("is JSON; sequences are read from a table of text, .npy or .npz")
	}
	return textCells(text, separator)
}

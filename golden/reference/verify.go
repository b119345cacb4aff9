package reference

import (
	"fmt"
	"strings"

	"causalgrad/impl/model"
)

// Options says what is verified. Its zero value is this project's own models.
type Options struct {
	// NewModel builds the model under test; nil is DefaultModel. Its layout must
	// name the blocks as Params does.
	NewModel func(Architecture) (model.Model, error)
	// Sequences is the number of fresh sequences of the statistical rows; 0 is
	// DefaultSequences. Seed is their seed.
	Sequences int
	Seed      uint64
}

// DefaultSequences is as many as the official test sets have.
const DefaultSequences = 16384

// maxSequences bounds memory: eight numbers are kept of each.
const maxSequences = 1 << 20

// DefaultModel is the project's model of an architecture, with one head a
// layer for a Transformer.
func DefaultModel(a Architecture) (model.Model, error) {
	if a.Model == Transformer {
		return model.NewTransformer(a.Tokens, a.Length, len(a.Heads))
	}
	return model.NewDisentangled(a.Tokens, a.Length, a.Heads)
}

func (o Options) model(a Architecture) (model.Model, error) {
	if o.NewModel != nil {
		return o.NewModel(a)
	}
	return DefaultModel(a)
}

// Verify opens a file (a path or a shipped name) and checks it.
func Verify(name string, o Options) (Report, error) {
	file, err := Open(name)
	if err != nil {
		return Report{}, err
	}
	return Check(file, o)
}

// Check compares all of a file with this implementation. An error means that
// the comparison could not be made; a difference is a row that does not pass.
func Check(file File, o Options) (Report, error) {
	if o.Sequences == 0 {
		o.Sequences = DefaultSequences
	}
	if o.Sequences < 2 || o.Sequences > maxSequences {
		return Report{}, fmt.Errorf("sequences = %d, want 2 to %d", o.Sequences, maxSequences)
	}
	rows, err := file.check(o)
	if err != nil {
		return Report{}, fmt.Errorf("file %s: %w", file.Name(), err)
	}
	if fields := file.Ignored(); len(fields) > 0 {
		rows = append(rows, Row{Quantity: "fields not in the schema", Tier: Information, Values: len(fields), Pass: true,
			Note: "not compared: " + strings.Join(fields, ", ")})
	}
	return Report{File: file.Name(), Kind: file.Kind(), Rows: rows}, nil
}

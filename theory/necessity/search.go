package necessity

import (
	"fmt"
	"math"

	"causalgrad/theory/graph"
	"causalgrad/theory/stream"
)

// Options bound a search, whose outcome they determine. Zero values choose the
// defaults.
type Options struct {
	// Evaluations is the number of priors scored in all cells together, not
	// counting up to 200 more that make a failure clearer and the shrinking;
	// default 60000, a few seconds.
	Evaluations int
	Seed        uint64
	// Gamma is the constant of the hypotheses A1 and A2 that are kept; default
	// 0.3.
	Gamma float64
	// MinLength to MaxLength are the sequence lengths T searched, in ascending
	// order; default 9 to 10, and 3 to 8 for the condition "effective-length".
	MinLength, MaxLength int
	// Strict does not count a tie as a failure.
	Strict bool
	// Constructions restricts how priors are built; nil: all that satisfy what
	// the condition keeps.
	Constructions []Construction
	// EffectiveLength is the smallest T_eff where that is kept; default 7. With
	// it and the default gamma nothing was seen to fail that keeps all hypotheses.
	EffectiveLength float64
	// MaxTokens: S from 2 to this, 2 or 3; default 3.
	MaxTokens int
}

// Cell is one (T, S) of the search.
type Cell struct {
	Length      int `json:"length"`
	Tokens      int `json:"tokens"`
	Evaluations int `json:"evaluations"`
	// Smallest is the smallest relative margin seen, and the forest and the chain
	// that show it.
	Smallest float64 `json:"smallest"`
	Forest   string  `json:"forest"`
	Chain    string  `json:"chain"`
	Prior    string  `json:"prior"`
}

// Outcome is the answer of Search.
type Outcome struct {
	Condition string `json:"condition"`
	Kept      string `json:"kept"`
	Found     bool   `json:"found"`
	// Counterexample is nil unless Found.
	Counterexample *Counterexample `json:"counterexample,omitempty"`
	Evaluations    int             `json:"evaluations"` // in the cells
	Shrinking      int             `json:"shrinking"`   // evaluations spent on making it small
	Cells          []Cell          `json:"cells"`
	// Description says all of it in a sentence or two.
	Description string `json:"description"`
}

const (
	defaultEvaluations = 60000
	defaultGamma       = 0.3
	defaultEffective   = 7
	defaultMinLength   = 9
	defaultMaxLength   = 10
	defaultMaxTokens   = 3

	mostTokens      = 3
	mostPrefixes    = 1 << 16       // what rational arithmetic enumerates
	mostEvaluations = 1_000_000_000 // days
	climbSteps      = 40            // local moves from one start
	sharpenSteps    = 200           // local moves from a failure
)

func (o Options) withDefaults(question string) Options {
	if o.Evaluations == 0 {
		o.Evaluations = defaultEvaluations
	}
	if o.Gamma == 0 {
		o.Gamma = defaultGamma
	}
	least, most := defaultMinLength, defaultMaxLength
	if question == EffectiveLength {
		least, most = graph.MinSequenceLength, defaultMinLength-1
	}
	if o.MinLength == 0 {
		o.MinLength = least
	}
	if o.MaxLength == 0 {
		o.MaxLength = max(most, o.MinLength)
	}
	if o.EffectiveLength == 0 {
		o.EffectiveLength = defaultEffective
	}
	if o.MaxTokens == 0 {
		o.MaxTokens = defaultMaxTokens
	}
	return o
}

func (o Options) validate() error {
	switch {
	case o.Evaluations < 1 || o.Evaluations > mostEvaluations:
		return fmt.Errorf("necessity: evaluations = %d, want 1 to %d", o.Evaluations, mostEvaluations)
	case !(o.Gamma > 0 && o.Gamma < 1):
		return fmt.Errorf("necessity: gamma = %v, want a number strictly between 0 and 1", o.Gamma)
	case !(o.EffectiveLength >= 1 && o.EffectiveLength <= float64(o.MaxLength)):
		return fmt.Errorf("necessity: effective length = %v, want 1 to %d", o.EffectiveLength, o.MaxLength)
	case o.MinLength < graph.MinSequenceLength || o.MaxLength < o.MinLength:
		return fmt.Errorf("necessity: lengths %d to %d, want %d or more, ascending", o.MinLength, o.MaxLength, graph.MinSequenceLength)
	case o.MaxTokens < 2 || o.MaxTokens > mostTokens:
		return fmt.Errorf("necessity: tokens = %d, want 2 to %d", o.MaxTokens, mostTokens)
	case math.Pow(float64(o.MaxTokens), float64(o.MaxLength-1)) > mostPrefixes: // exact: both are small integers
		return fmt.Errorf("necessity: %d tokens at length %d have more than %d prefixes to prove over, want fewer", o.MaxTokens, o.MaxLength, mostPrefixes)
	}
	return nil
}

// Search drops one condition (see Conditions) and looks for the smallest
// failure: cells by ascending T, then S; in each cell independent starts with
// local search from each, until the first failure, which is then shrunk and
// proved.
func Search(question string, o Options) (Outcome, error) {
	o = o.withDefaults(question)
	if err := o.validate(); err != nil {
		return Outcome{}, err
	}
	s, err := newSpace(question, o)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Condition: question, Kept: s.kept(question)}
	cells := s.cells(o)
	if len(cells) == 0 {
		return Outcome{}, fmt.Errorf("necessity: constructions %v need more tokens than %d, want at least 3", o.Constructions, o.MaxTokens)
	}
	for n, cell := range cells {
		h := &hunt{space: s, stream: stream.New(stream.Key{Seed: o.Seed, Purpose: stream.Search, Step: uint64(cell.Length), Shard: uint64(cell.Tokens)}), cell: cell}
		share := (o.Evaluations - out.Evaluations) / (len(cells) - n)
		found, ok := h.run(share)
		out.Evaluations += h.cell.Evaluations
		out.Cells = append(out.Cells, h.cell)
		if !ok {
			continue
		}
		sh := shrinker{space: s, minLength: o.MinLength}
		example, err := sh.counterexample(found)
		if err != nil {
			return Outcome{}, err
		}
		out.Found, out.Counterexample, out.Shrinking = true, &example, sh.evaluations
		break
	}
	out.Description = out.describe()
	return out, nil
}

// cells lists the cells in which some prior exists.
func (s space) cells(o Options) []Cell {
	var list []Cell
	for length := o.MinLength; length <= o.MaxLength; length++ {
		for tokens := 2; tokens <= o.MaxTokens; tokens++ {
			if len(s.available(tokens)) > 0 {
				list = append(list, Cell{Length: length, Tokens: tokens, Smallest: math.Inf(1)})
			}
		}
	}
	return list
}

package markov

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"causalgrad/theory/stream"
	"causalgrad/theory/userfile"
)

// Sampled is uniform over the chains of a user's file, each as often as its
// weight says, for example draws from a
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

// maxCopies bounds the common denominator of weights: so many chains stand for
// the distribution exactly.
const maxCopies = 4096

// ReadSampled reads the transition matrices of a prior from a file: a .npy array
// of shape (N, S, S), or (S, S) for one; JSON, a list of nested lists or of
// {"weight": w, "chain": nested list}; or a table of text, S numbers a line, the
// matrices one below the other. A chain whose weight is k times another's is
// listed k times as often. Every error names the file.
func ReadSampled(name string) (*Sampled, error) {
	p, _, err := readSampled(name)
	return p, err
}

func readSampled(name string) (*Sampled, []string, error) {
	read, err := readMatrices(name)
	if err != nil {
		return nil, nil, err
	}
	p, err := NewSampled(read.matrices, name)
	if err == nil && read.weights != nil {
		var copies []int
		var note string
		if copies, note, err = multiplicities(read.weights); err == nil {
			if note != "" {
				read.note(note)
			}
			distinct := p.support
			p.support = nil
			for n, c := range distinct {
				p.support = append(p.support, slices.Repeat([]*Chain{c}, copies[n])...)
			}
		}
	}
	if err != nil {
		return nil, nil, read.named(err)
	}
	return p, read.notes, nil
}

// multiplicities are the smallest whole numbers in the proportion of decimal
// weights, exactly or, where these are too large, to within the rounding of ten
// digits, which a note then says: 0.3333333333 and 0.6666666667 are 1 and 2.
func multiplicities(weights []float64) (copies []int, note string, err error) {
	copies, err = exactMultiplicities(weights)
	var fine *tooFine
	if !errors.As(err, &fine) {
		return copies, "", err
	}
	for total := 1; total <= maxCopies; total++ {
		if copies := rounded(weights, total); copies != nil {
			return copies, fmt.Sprintf("the weights are read as multiples of 1/%d of their sum, which they are to ten digits", total), nil
		}
	}
	return nil, "", err
}

// rounded are the weights as parts of so many, nil where one is no whole number of
// them.
func rounded(weights []float64, total int) []int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	copies := make([]int, len(weights))
	for n, w := range weights {
		part := float64(w / sum * float64(total))
		copies[n] = int(math.Round(part))
		if copies[n] < 1 || math.Abs(part-math.Round(part)) > 1e-9 {
			return nil
		}
	}
	return copies
}

// tooFine says that weights have a large common denominator.
type tooFine struct{ total *big.Int }

func (e *tooFine) Error() string {
	return fmt.Sprintf("the weights are multiples of 1/%s of their sum, want at most 1/%d: round them to three digits", userfile.Printable(e.total.String()), maxCopies)
}

func exactMultiplicities(weights []float64) ([]int, error) {
	ratios := make([]*big.Rat, len(weights))
	denominator := big.NewInt(1)
	for n, w := range weights {
		if !(w > 0 && w <= 1e15) {
			return nil, fmt.Errorf("the weight of matrix %d is %v, want a number above 0", n, w)
		}
		ratios[n], _ = new(big.Rat).SetString(decimal(w)) // a number's own text is one
		gcd := new(big.Int).GCD(nil, nil, denominator, ratios[n].Denom())
		denominator.Mul(denominator, new(big.Int).Quo(ratios[n].Denom(), gcd))
	}
	whole := make([]*big.Int, len(weights))
	common, total := new(big.Int), new(big.Int)
	for n, r := range ratios {
		whole[n] = new(big.Int).Quo(new(big.Int).Mul(r.Num(), denominator), r.Denom())
		common.GCD(nil, nil, common, whole[n])
		total.Add(total, whole[n])
	}
	if total.Quo(total, common); total.Cmp(big.NewInt(maxCopies)) > 0 {
		return nil, &tooFine{total}
	}
	copies := make([]int, len(weights))
	for n, w := range whole {
		copies[n] = int(w.Quo(w, common).Int64())
	}
	return copies, nil
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

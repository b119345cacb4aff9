package fault

import (
	"errors"
	"math/big"
	"strings"
	"sync/atomic"

	"causalgrad/theory/necessity"
)

// refuteFaults are mistakes in the search for counterexamples and their proof.
func refuteFaults() []Fault {
	// asked searches with other options.
	asked := func(id, description string, other func(condition *string, o *necessity.Options), expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.refute.search = func(own search, condition string, o necessity.Options) (necessity.Outcome, error) {
				if out, err := own(condition, o); err != nil {
					return out, err
				}
				other(&condition, &o)
				return own(condition, o)
			}
		}, expect...)
	}
	// reported alters an outcome on its way out.
	reported := func(id, description string, alter func(*necessity.Outcome), expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.refute.search = func(own search, condition string, o necessity.Options) (necessity.Outcome, error) {
				out, err := own(condition, o)
				if err == nil {
					alter(&out)
				}
				return out, err
			}
		}, expect...)
	}
	// proved alters the counterexample, where there is one.
	proved := func(id, description string, alter func(*necessity.Counterexample), expect ...string) Fault {
		return reported(id, description, func(o *necessity.Outcome) {
			if o.Found {
				c := *o.Counterexample
				alter(&c)
				o.Counterexample = &c
			}
		}, expect...)
	}
	return []Fault{
		proved("refute-positions-from-one", "the child, the parent and the competitor of a proof are counted from 1", func(c *necessity.Counterexample) {
			c.Child, c.Parent, c.Competitor = c.Child+1, c.Parent+1, c.Competitor+1
		}, "refuted-exactly", "refuted-proofs"),
		proved("refute-entries-rounded", "the entries of a proof are stored as decimals", func(c *necessity.Counterexample) {
			c.ParentEntry = decimal(c.ParentEntry)
		}, "refuted-exactly", "refuted-proofs"),
		proved("refute-tie-by-default", "a failure with a margin above -0.01 is called a tie", func(c *necessity.Counterexample) {
			c.Tie = c.Margin > -0.01
		}, "refuted-exactly"),
		asked("refute-gamma-halved", "the kept hypotheses are checked with half of gamma", func(_ *string, o *necessity.Options) { o.Gamma /= 2 }, "refuted-hypotheses"),
		asked("refute-effective-length-dropped", "the bound on the effective length is not checked", func(condition *string, o *necessity.Options) { o.EffectiveLength = 1 }, "refuted-hypotheses"),
		asked("refute-nothing-dropped", "the condition to drop is kept, another one is dropped", func(condition *string, _ *necessity.Options) {
			if *condition == necessity.None {
				*condition = necessity.NonDegeneracy
			}
		}, "refuted-hypotheses", "refuted-words"),
		asked("refute-positions-kept", "shrinking takes no position out: the longest sequences alone are searched", func(_ *string, o *necessity.Options) { o.MinLength = o.MaxLength }, "refuted-smallest", "refute-budget"),
		asked("refute-ties-always", "a strict search counts ties", func(_ *string, o *necessity.Options) { o.Strict = false }, "refuted-strictly"),
		asked("refute-ties-never", "ties do not count as failures", func(_ *string, o *necessity.Options) { o.Strict = true }, "refuted-nearest"),
		asked("refute-budget-doubled", "each construction has the whole budget", func(_ *string, o *necessity.Options) { o.Evaluations *= 3 }, "refute-budget"),
		reported("refute-nearest-of-another", "the nearest miss of a cell is reported with the first cell's margin", func(o *necessity.Outcome) {
			for i := range o.Cells {
				o.Cells[i].Smallest = o.Cells[0].Smallest / 2
			}
		}, "refuted-nearest"),
		reported("refute-shrinking-counted", "the evaluations spent on shrinking are counted among those of the cells", func(o *necessity.Outcome) {
			o.Evaluations += o.Shrinking
		}, "refute-budget"),
		reported("refute-words-of-a-tie", "the description says \"loses to\" of ties too", func(o *necessity.Outcome) {
			o.Description = strings.ReplaceAll(o.Description, "ties with", "loses to")
		}, "refuted-words"),
		patch("refute-stream-shared", "a search goes on with the stream that the last one left", func(v *variant) {
			var calls atomic.Uint64
			v.refute.search = func(own search, condition string, o necessity.Options) (necessity.Outcome, error) {
				o.Seed += calls.Add(1)
				return own(condition, o)
			}
		}, "refute-again"),
		patch("refute-seed-unused", "the stream of a search has a fixed seed", func(v *variant) {
			v.refute.search = func(own search, condition string, o necessity.Options) (necessity.Outcome, error) {
				o.Seed = 1
				return own(condition, o)
			}
		}, "refute-again"),
		patch("refute-bounds-clamped", "gamma and the number of tokens are moved to the nearest allowed number", func(v *variant) {
			v.refute.search = func(own search, condition string, o necessity.Options) (necessity.Outcome, error) {
				o.MaxTokens = min(max(o.MaxTokens, 0), 3)
				if !(o.Gamma < 1) {
					o.Gamma = 0.9
				}
				return own(condition, o)
			}
		}, "refute-refusals"),
		patch("refute-default-gamma", "the default gamma is 0.1", func(v *variant) {
			v.refute.search = func(own search, condition string, o necessity.Options) (necessity.Outcome, error) {
				if o.Gamma == 0 {
					o.Gamma = 0.1
				}
				return own(condition, o)
			}
		}, "refute-defaults"),
		patch("refute-proof-of-the-sign", "a proof only compares the sign of the margin", func(v *variant) {
			v.refute.verify = func(own error, c necessity.Counterexample) error {
				if own != nil && strings.Contains(own.Error(), "the proof gives") {
					return nil
				}
				return own
			}
		}, "refuted-proofs"),
		patch("refute-proof-fails", "a proof compares the rounded margin with the exact one", func(v *variant) {
			v.refute.verify = func(own error, c necessity.Counterexample) error {
				if own == nil && c.Margin != 0 {
					return errInexact
				}
				return own
			}
		}, "refuted-proofs"),
		patch("star-by-the-signal", "the margin of a star is that of the signal", func(v *variant) {
			v.refute.star = onRows(func(_ float64, r *necessity.StarRow) { r.Margin = r.SignalMargin })
		}, "star-exactly", "star-fails"),
		patch("star-length-effective", "the effective length leaves out the pairs of siblings", func(v *variant) {
			v.refute.star = onRows(func(_ float64, r *necessity.StarRow) { r.EffectiveLength = float64(r.Length) / 2 })
		}, "star-effective-length"),
		patch("star-late", "the sign of the margin is that of the next shorter star", func(v *variant) {
			v.refute.star = func(own star, delta float64, lengths []int) ([]necessity.StarRow, error) {
				rows, err := own(delta, lengths)
				for i := range rows {
					if rows[i].Length == 4 {
						rows[i].Margin = -rows[i].Margin
					}
				}
				return rows, err
			}
		}, "star-fails", "star-exactly"),
		patch("star-delta-clamped", "a delta that is too large is taken for the largest", func(v *variant) {
			v.refute.star = func(own star, delta float64, lengths []int) ([]necessity.StarRow, error) {
				return own(min(delta, 0.33), lengths)
			}
		}, "star-refusals"),
	}
}

// onRows alters the rows of a star.
func onRows(alter func(delta float64, r *necessity.StarRow)) func(star, float64, []int) ([]necessity.StarRow, error) {
	return func(own star, delta float64, lengths []int) ([]necessity.StarRow, error) {
		rows, err := own(delta, lengths)
		for i := range rows {
			alter(delta, &rows[i])
		}
		return rows, err
	}
}

var errInexact = errors.New("counterexample: the rounded margin is not the exact one")

// decimal is a ratio as a decimal of six digits.
func decimal(ratio string) string {
	v, ok := new(big.Rat).SetString(ratio)
	if !ok {
		return ratio
	}
	return v.FloatString(6)
}

package fault

import (
	"math"
	"slices"

	"causalgrad/impl/measure"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// lossesFaults are mistakes in what a record keeps of trained parameters.
func lossesFaults() []Fault {
	return []Fault{
		patch("losses-unpaired", "the gap's standard error is that of independent samples", func(v *variant) {
			v.losses = func(own measure.Losses) measure.Losses {
				own.Gap.StdErr = math.Hypot(own.Loss.StdErr, own.Irreducible.StdErr)
				return own
			}
		}, "losses-perfect"),
		patch("losses-calibration-as-sup", "the calibration error is the sup error", func(v *variant) {
			v.losses = func(own measure.Losses) measure.Losses { own.Calibration = own.SupError; return own }
		}, "losses-constant"),
		patch("losses-calibration-absolute", "over- and underconfidence do not cancel within a bin", func(v *variant) {
			v.losses = func(own measure.Losses) measure.Losses {
				if own.Calibration.Value < own.SupError.Value {
					own.Calibration.Value = own.SupError.Value
				}
				return own
			}
		}, "losses-calibration"),
		patch("losses-alphas-swapped", "the two count estimators are exchanged", func(v *variant) {
			v.losses = func(own measure.Losses) measure.Losses {
				own.Count, own.TrainingCount = own.TrainingCount, own.Count
				return own
			}
		}, "losses-identities"),
		patch("losses-in-bits", "the count estimator's loss is in bits", func(v *variant) {
			v.losses = func(own measure.Losses) measure.Losses { own.Count.Value /= math.Ln2; return own }
		}, "losses-counted"),
		patch("losses-sum-order", "sums over sequences depend on the number of workers in their last bit", func(v *variant) {
			v.average = func(own [][]float64, o measure.Options) [][]float64 {
				if o.Workers < 2 {
					return own
				}
				return eachBlock(own, func(w float64) float64 { return math.Nextafter(w, 1) })
			}
		}, "losses-workers"),
		patch("position-block-unmasked", "the position block's softmax is not masked", func(v *variant) {
			v.blocks = func(own [][]float64) [][]float64 {
				return eachBlock(own, func(w float64) float64 { return (w + 0.01) / 1.01 })
			}
		}, "position-block"),
		patch("average-attention-of-half", "the average leaves out the last sequence but divides by all", func(v *variant) {
			v.average = func(own [][]float64, o measure.Options) [][]float64 {
				n := float64(o.Sequences)
				return eachBlock(own, func(w float64) float64 { return w * (n - 1) / n })
			}
		}, "average-attention", "position-block"),
		patch("average-attention-sharpened", "the average is squared, as if it were of the last layer alone", func(v *variant) {
			v.average = func(own [][]float64, _ measure.Options) [][]float64 {
				return eachBlock(own, func(w float64) float64 { return w * w })
			}
		}, "average-attention"),
		patch("edge-attention-straight", "head j is always given parent slot j", func(v *variant) {
			v.edges = func(s implaws.Summariser, t props.TaskSpec, blocks [][]float64) (measure.Edges, error) {
				own, err := s.EdgeAttention(t, blocks)
				if err != nil {
					return own, err
				}
				return straight(own, t, blocks), nil
			}
		}, "edge-attention", "edge-attention-order"),
		patch("edge-attention-any-key", "a row's argmax is taken over all keys, those after the child too", func(v *variant) {
			v.edges = func(s implaws.Summariser, t props.TaskSpec, blocks [][]float64) (measure.Edges, error) {
				own, err := s.EdgeAttention(t, blocks)
				if err != nil {
					return own, err
				}
				right := 0
				for _, w := range own.Weights {
					row := blocks[w.Head][w.Child*t.Length : (w.Child+1)*t.Length]
					if slices.Index(row, slices.Max(row)) == w.Parent {
						right++
					}
				}
				own.Accuracy = float64(right) / float64(max(len(own.Weights), 1))
				return own, nil
			}
		}, "edge-attention-order"),
	}
}

func eachBlock(blocks [][]float64, change func(float64) float64) [][]float64 {
	out := make([][]float64, len(blocks))
	for h, b := range blocks {
		out[h] = eachNumber(b, change)
	}
	return out
}

// straight reads the weights off with head j for slot j.
func straight(own measure.Edges, t props.TaskSpec, blocks [][]float64) measure.Edges {
	sum, n := 0.0, 0
	for i, w := range own.Weights {
		own.Weights[i].Head = w.Slot
		if w.Slot < len(blocks) {
			own.Weights[i].Weight = blocks[w.Slot][w.Child*t.Length+w.Parent]
		}
		sum += own.Weights[i].Weight
		n++
	}
	own.Mean = sum / float64(max(n, 1))
	return own
}

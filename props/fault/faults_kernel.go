package fault

import (
	"math"
	"slices"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/fault/plain"
	"causalgrad/props/implaws"
)

// kernelFaults are mistakes in a vector variant of the inner loops, or in the
// way one is chosen. Those of the first kind need a machine with a vector
// variant: where there is none, a second portable one plays it.
func kernelFaults() []Fault {
	return []Fault{
		patch("kernel-unfused", "a kernel rounds after the product instead of fusing it: the last bit of some gradient entries differs", func(v *variant) {
			v.evaluateOn = func(own implaws.FullEvaluation, kernel string, _ props.ModelSpec) implaws.FullEvaluation {
				if kernel == "portable" {
					return own
				}
				own.Gradient = slices.Clone(own.Gradient)
				for i, g := range own.Gradient {
					if i%3 == 0 && g != 0 {
						own.Gradient[i] = math.Nextafter(g, 0)
					}
				}
				return own
			}
		}, "kernel-evaluation"),
		patch("kernel-tail-dropped", "a kernel leaves out the last tokens where their number does not fill its lanes", func(v *variant) {
			v.evaluateOn = func(own implaws.FullEvaluation, kernel string, m props.ModelSpec) implaws.FullEvaluation {
				if kernel == "portable" || m.Tokens%4 == 0 {
					return own
				}
				own.Predictions = slices.Clone(own.Predictions)
				for n := 0; n < len(own.Predictions); n += m.Tokens {
					own.Predictions[n+m.Tokens-1] = 0
				}
				return own
			}
		}, "kernel-evaluation"),
		patch("kernel-worker-buffer", "workers of one kernel share a buffer: a run with several differs in its last bits", func(v *variant) {
			v.trainOn = func(own training, kernel string, t props.TrainSpec) training {
				if t.Workers < 2 {
					return own
				}
				own.losses = slices.Clone(own.losses)
				own.losses[len(own.losses)-1] = math.Nextafter(own.losses[len(own.losses)-1], 0)
				return own
			}
		}, "kernel-training"),
		patch("kernel-fastest-first", "the kernels are listed with the fastest first", func(v *variant) {
			v.kernels = func(own []string) []string {
				own = append([]string{"best"}, own...)
				return own
			}
		}, "kernel-names"),
	}
}

// denseFaults are mistakes in the second implementation of the models.
func denseFaults() []Fault {
	return []Fault{
		denseSlip("dense-mask-missing", plain.MaskMissing, "dense: there is no causal mask", "dense-attention", "dense-evaluation"),
		denseSlip("dense-key-path-dropped", plain.KeyPathDropped, "dense: the gradient through the keys is left out", "dense-evaluation"),
		denseSlip("dense-target-not-subtracted", plain.TargetNotSubtracted, "dense: the derivative of the logits is f instead of f - y", "dense-evaluation"),
		denseSlip("dense-reduced-look-up-transposed", plain.ReducedLookUpTransposed, "dense: A2 is looked up at [s_j][s_T]", "dense-evaluation"),
	}
}

func denseSlip(id string, slip plain.Slip, description string, expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		p := &plain.Subject{Slip: slip}
		v.evaluateDense = func(_ implaws.FullEvaluation, m props.ModelSpec, params []float64, b *task.Batch) (e implaws.FullEvaluation, err error) {
			if e.Evaluation, err = p.Evaluate(m, params, b); err != nil {
				return e, err
			}
			e.Attention, err = p.Attention(m, params, b)
			return e, err
		}
	}, expect...)
}

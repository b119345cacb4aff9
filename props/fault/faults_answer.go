package fault

import (
	"slices"
	"strings"

	"causalgrad/impl/task"
	"causalgrad/props"
)

// answerFaults are mistakes in what a model makes of its right answers.
func answerFaults() []Fault {
	return []Fault{
		patch("gradient-with-decay", "weight decay is added to the gradient that is returned", func(v *variant) {
			v.evaluate = func(own props.Evaluation, _ props.ModelSpec, params []float64, _ *task.Batch) (props.Evaluation, error) {
				own.Gradient = slices.Clone(own.Gradient)
				for i, p := range params {
					own.Gradient[i] += 0.01 * p
				}
				return own, nil
			}
		}, "readout-first"),
		patch("transformer-bias-offset", "transformer: the inner biases of the MLP have a constant 0.01 added", func(v *variant) {
			v.evaluate = func(_ props.Evaluation, m props.ModelSpec, params []float64, b *task.Batch) (props.Evaluation, error) {
				layout, err := transformerLayout(m)
				if err != nil {
					return props.Evaluation{}, err
				}
				moved := slices.Clone(params)
				for _, block := range layout {
					if strings.HasSuffix(block.Name, ".b0") {
						for i := range block.Size() {
							block.Of(moved)[i] += 0.01
						}
					}
				}
				return v.Subject.(props.Evaluator).Evaluate(m, moved, b)
			}
		}, "evaluation-exact-transformer", "relu-homogeneity"),
		patch("reduced-eps-in-prediction", "reduced model: eps is added to the prediction that is returned", func(v *variant) {
			v.evaluate = func(own props.Evaluation, m props.ModelSpec, _ []float64, _ *task.Batch) (props.Evaluation, error) {
				if m.Kind != "reduced" {
					return own, nil
				}
				own.Predictions = slices.Clone(own.Predictions)
				for i := range own.Predictions {
					own.Predictions[i] += m.Eps
				}
				return own, nil
			}
		}, "eps-in-loss-alone"),
		patch("reduced-attention-padding", "reduced model: keys that hold token 0 are masked as padding in the attention that is shown", func(v *variant) {
			v.attend = func(own []float64, m props.ModelSpec, _ []float64, b *task.Batch) ([]float64, error) {
				if m.Kind != "reduced" {
					return own, nil
				}
				return unpadded(own, b), nil
			}
		}, "attention-of-positions"),
	}
}

// unpadded takes the weights of keys with token 0 away, N x T x T, and
// normalises the rows that have any left.
func unpadded(weights []float64, b *task.Batch) []float64 {
	masked := slices.Clone(weights)
	for n := range b.N {
		for i := range b.T {
			row := masked[(n*b.T+i)*b.T:][:b.T]
			sum := 0.0
			for j, w := range row {
				if b.Sequence(n)[j] != 0 {
					sum += w
				}
			}
			if sum == 0 {
				continue
			}
			for j := range row {
				if b.Sequence(n)[j] == 0 {
					row[j] = 0
				}
				row[j] /= sum
			}
		}
	}
	return masked
}

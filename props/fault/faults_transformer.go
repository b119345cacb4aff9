package fault

import (
	"math"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props"
)

// transformerFaults are mistakes in the transformer with an MLP. The backward
// ones drop the gradient of one kind of parameter; the forward ones evaluate at
// parameters that amount to the mistake, with the gradient of what is computed.
func transformerFaults() []Fault {
	return []Fault{
		dropped("transformer-token-embedding-dropped", "transformer: token embeddings get no gradient", "wte", "gradient-exact-transformer"),
		dropped("transformer-position-embedding-dropped", "transformer: position embeddings get no gradient", "wpe", "gradient-exact-transformer"),
		dropped("transformer-attention-dropped", "transformer: attention matrices get no gradient", "A", "gradient-exact-transformer"),
		dropped("transformer-values-dropped", "transformer: value matrices get no gradient", "V", "gradient-exact-transformer"),
		dropped("transformer-inner-dropped", "transformer: the MLP's first matrix gets no gradient", ".W0", "gradient-exact-transformer"),
		dropped("transformer-inner-bias-dropped", "transformer: the MLP's first bias gets no gradient", ".b0", "gradient-exact-transformer"),
		dropped("transformer-outer-dropped", "transformer: the MLP's second matrix gets no gradient", ".W1", "gradient-exact-transformer"),
		dropped("transformer-outer-bias-dropped", "transformer: the MLP's second bias gets no gradient", ".b1", "gradient-exact-transformer"),
		dropped("transformer-read-out-dropped", "transformer: the read-out gets no gradient", "W", "gradient-exact-transformer", "gradient-difference-transformer"),
		reparametrised("transformer-bias-unscaled", "transformer: biases lack their factor sqrt(d)", func(b model.Block, d int) transform {
			if strings.Contains(b.Name, ".b") {
				return scaledBy(1 / math.Sqrt(float64(d)))
			}
			return nil
		}, "evaluation-exact-transformer"),
		reparametrised("transformer-scores-scaled", "transformer: scores are divided by sqrt(d)", func(b model.Block, d int) transform {
			if strings.HasPrefix(b.Name, "A") {
				return scaledBy(1 / math.Sqrt(float64(d)))
			}
			return nil
		}, "attention-exact-transformer"),
		reparametrised("transformer-scores-transposed", "transformer: scores are x_j^T A x_i", func(b model.Block, _ int) transform {
			if strings.HasPrefix(b.Name, "A") {
				return transposed(b)
			}
			return nil
		}, "attention-exact-transformer"),
		reparametrised("transformer-values-transposed", "transformer: the value matrix is transposed", func(b model.Block, _ int) transform {
			if strings.HasPrefix(b.Name, "V") {
				return transposed(b)
			}
			return nil
		}, "evaluation-exact-transformer"),
		reparametrised("transformer-positions-lost", "transformer: position embeddings are not added", func(b model.Block, _ int) transform {
			if b.Name == "wpe" {
				return scaledBy(0)
			}
			return nil
		}, "evaluation-exact-transformer"),
		reparametrised("transformer-hidden-dropped", "transformer: the MLP's last hidden unit is dropped", func(b model.Block, _ int) transform {
			if strings.HasSuffix(b.Name, ".W1") {
				return cleared(b, func(row, _ int) bool { return row == b.Rows-1 })
			}
			return nil
		}, "evaluation-exact-transformer", "hidden-permutation"),
		reparametrised("transformer-feature-dropped", "transformer: the MLP's last output is dropped", func(b model.Block, _ int) transform {
			if strings.HasSuffix(b.Name, ".W1") {
				return cleared(b, func(_, column int) bool { return column == b.Cols-1 })
			}
			return nil
		}, "evaluation-exact-transformer", "feature-permutation"),
		reparametrised("transformer-mlp-skipped", "transformer: the MLP's output is not added", func(b model.Block, _ int) transform {
			if strings.HasSuffix(b.Name, ".W1") || strings.HasSuffix(b.Name, ".b1") {
				return scaledBy(0)
			}
			return nil
		}, "evaluation-exact-transformer"),
	}
}

// kindOf reports whether a block is of the kind: an exact name, the prefix of a
// layer's matrix or the suffix of one of its MLP's.
func kindOf(b model.Block, kind string) bool {
	switch {
	case strings.HasPrefix(kind, "."):
		return strings.HasSuffix(b.Name, kind)
	case kind == "A" || kind == "V":
		return strings.HasPrefix(b.Name, kind)
	}
	return b.Name == kind
}

// dropped leaves out the gradient of one kind of block.
func dropped(id, description, kind string, expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.evaluate = func(own props.Evaluation, m props.ModelSpec, _ []float64, _ *task.Batch) (props.Evaluation, error) {
			layout, err := transformerLayout(m)
			for _, b := range layout {
				if kindOf(b, kind) {
					clear(b.Of(own.Gradient))
				}
			}
			return own, err
		}
	}, expect...)
}

// transformerLayout is nil for the other models.
func transformerLayout(m props.ModelSpec) (model.Layout, error) {
	if m.Kind != "transformer" {
		return nil, nil
	}
	built, err := m.Model()
	if err != nil {
		return nil, err
	}
	return built.Layout(), nil
}

// transform maps a block's entries in place by a symmetric linear map, so that
// parameters and gradients are mapped alike.
type transform func(v []float64)

func scaledBy(c float64) transform {
	return func(v []float64) {
		for i := range v {
			v[i] *= c
		}
	}
}

// cleared sets the entries of a block that gone names to zero.
func cleared(b model.Block, gone func(row, column int) bool) transform {
	return func(v []float64) {
		for i := range v {
			if gone(i/b.Cols, i%b.Cols) {
				v[i] = 0
			}
		}
	}
}

// transposed is for square blocks.
func transposed(b model.Block) transform {
	return func(v []float64) {
		for i := range b.Rows {
			for j := range i {
				v[i*b.Cols+j], v[j*b.Cols+i] = v[j*b.Cols+i], v[i*b.Cols+j]
			}
		}
	}
}

// reparametrised evaluates at transformed parameters.
func reparametrised(id, description string, of func(b model.Block, width int) transform, expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		apply := func(m props.ModelSpec, flat []float64) ([]float64, error) {
			layout, err := transformerLayout(m)
			flat = append([]float64(nil), flat...)
			for _, b := range layout {
				if change := of(b, m.Tokens+m.Length); change != nil {
					change(b.Of(flat))
				}
			}
			return flat, err
		}
		v.evaluate = func(own props.Evaluation, m props.ModelSpec, params []float64, b *task.Batch) (props.Evaluation, error) {
			if m.Kind != "transformer" {
				return own, nil
			}
			moved, err := apply(m, params)
			if err != nil {
				return own, err
			}
			e, err := v.Subject.(props.Evaluator).Evaluate(m, moved, b)
			if err != nil {
				return own, err
			}
			e.Gradient, err = apply(m, e.Gradient)
			return e, err
		}
		v.attend = func(own []float64, m props.ModelSpec, params []float64, b *task.Batch) ([]float64, error) {
			if m.Kind != "transformer" {
				return own, nil
			}
			moved, err := apply(m, params)
			if err != nil {
				return own, err
			}
			return v.Subject.(props.Attender).Attention(m, moved, b)
		}
	}, expect...)
}

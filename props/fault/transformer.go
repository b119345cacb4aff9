package fault

import (
	"math"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props"
)

// The mistakes in the transformer with an MLP. The backward ones drop the gradient
// of one kind of parameter; the forward ones evaluate at parameters that amount to
// the mistake, with the gradient of what is computed. Scales are those of the
// authors' parametrisation (theory/README.md, section 2).
var (
	_ = inTransformer("transformer-token-embedding-detached", "transformer: token embeddings get no gradient",
		rewire{"wte", func(model.Block, int) transform { return scaledBy(0) }, true}, "gradient-exact-transformer")
	_ = inTransformer("transformer-values-detached", "transformer: value matrices get no gradient",
		rewire{"V", func(model.Block, int) transform { return scaledBy(0) }, true}, "gradient-exact-transformer")
	_ = inTransformer("transformer-bias-unscaled", "transformer: biases lack their factor sqrt(d)",
		rewire{".b", overRoot, false}, "evaluation-exact-transformer")
	_ = inTransformer("transformer-scores-scaled", "transformer: scores are divided by sqrt(d)",
		rewire{"A", overRoot, false}, "attention-exact-transformer")
	_ = inTransformer("transformer-values-transposed", "transformer: the value matrix is transposed",
		rewire{"V", func(b model.Block, _ int) transform { return transposed(b) }, false}, "evaluation-exact-transformer")
	_ = inTransformer("transformer-positions-lost", "transformer: position embeddings are not added",
		rewire{"wpe", func(model.Block, int) transform { return scaledBy(0) }, false}, "evaluation-exact-transformer")
)

// rewire is a mistake as a symmetric linear map of some blocks, so that parameters
// and gradients are mapped alike.
type rewire struct {
	// blocks begins the names of the blocks, or occurs in them after the layer's
	// number where it begins with a dot.
	blocks string
	// of is the map of a block; width is d.
	of func(b model.Block, width int) transform
	// backward maps the gradient alone.
	backward bool
}

// transform maps a block's entries in place.
type transform func(v []float64)

func inTransformer(id, description string, r rewire, expect ...string) *Mistake {
	m := mistake([]props.Capability{props.CanEvaluate, props.CanAttend}, id, description, expect...)
	m.rewire = &r
	return m
}

func scaledBy(c float64) transform {
	return func(v []float64) {
		for i := range v {
			v[i] *= c
		}
	}
}

func overRoot(_ model.Block, width int) transform { return scaledBy(1 / math.Sqrt(float64(width))) }

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

// rewired is a subject asked at mapped parameters.
type rewired struct {
	right props.Subject
	*rewire
}

// mapped is the vector, of parameters or a gradient, with the map applied.
func (r *rewired) mapped(m model.Spec, flat []float64) ([]float64, error) {
	if m.Kind != "transformer" {
		return nil, errBeyond
	}
	built, err := m.Model()
	if err != nil {
		return nil, err
	}
	flat = append([]float64(nil), flat...)
	for _, b := range built.Layout() {
		if strings.HasPrefix(b.Name, r.blocks) || r.blocks[0] == '.' && strings.Contains(b.Name, r.blocks) {
			r.of(b, m.Tokens+m.Length)(b.Of(flat))
		}
	}
	return flat, nil
}

// Evaluate implements props.Evaluator for the transformer.
func (r *rewired) Evaluate(m model.Spec, params []float64, b *task.Batch) (props.Evaluation, error) {
	moved, err := r.mapped(m, params)
	if err != nil {
		return props.Evaluation{}, err
	}
	if r.backward {
		moved = params
	}
	e, err := r.right.(props.Evaluator).Evaluate(m, moved, b)
	if err != nil {
		return e, err
	}
	e.Gradient, err = r.mapped(m, e.Gradient)
	return e, err
}

// Attention implements props.Attender for the transformer.
func (r *rewired) Attention(m model.Spec, params []float64, b *task.Batch) ([]float64, error) {
	moved, err := r.mapped(m, params)
	if err != nil || r.backward {
		return nil, errBeyond
	}
	return r.right.(props.Attender).Attention(m, moved, b)
}

package weights

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/theory/userfile"
)

// Infer returns the model that the names and shapes of tensors describe. eps
// is the reduced model's constant inside the logarithm, which no file holds.
func Infer(tensors []Tensor, eps float64) (model.Model, error) {
	shapes := map[string][]int{} // only looked up
	for _, t := range tensors {
		shapes[t.Name] = t.Shape
	}
	switch {
	case shapes["wte"] != nil:
		return inferTransformer(shapes)
	case shapes["A0.0"] != nil:
		return inferDisentangled(shapes)
	case shapes["A1"] != nil && shapes["A2"] != nil:
		length, errT := side(shapes, "A1", 0)
		tokens, errS := side(shapes, "A2", 0)
		if err := firstError(errT, errS); err != nil {
			return nil, err
		}
		return model.NewReduced(tokens, length, eps)
	}
	return nil, fmt.Errorf("tensors %s: want those of a disentangled (A0.0, ..., W), reduced (A1, A2) or transformer (wte, wpe, A0, ..., "+
		"W) model", namesOf(tensors))
}

// namesOf lists the tensors of a file for a message.
func namesOf(tensors []Tensor) string {
	var names []string
	for _, t := range tensors {
		names = append(names, t.Name)
	}
	return userfile.Printable(strings.Join(names, ", "))
}

func inferTransformer(shapes map[string][]int) (model.Model, error) {
	tokens, errS := side(shapes, "wte", 0)
	length, errT := side(shapes, "wpe", 0)
	if err := firstError(errS, errT); err != nil {
		return nil, err
	}
	layers := 0
	for shapes[fmt.Sprintf("A%d", layers)] != nil {
		layers++
	}
	return model.NewTransformer(tokens, length, layers)
}

func inferDisentangled(shapes map[string][]int) (model.Model, error) {
	tokens, errS := side(shapes, "W", 1)
	width, errD := side(shapes, "A0.0", 0)
	if err := firstError(errS, errD); err != nil {
		return nil, err
	}
	if shape := shapes["W"]; shape[0] < shape[1] { // the features include the tokens
		return nil, fmt.Errorf("tensor \"W\": shape %v is transposed, (S, d): want (d, S)", shape)
	}
	var heads []int
	for shapes[fmt.Sprintf("A%d.0", len(heads))] != nil {
		h := 1
		for shapes[fmt.Sprintf("A%d.%d", len(heads), h)] != nil {
			h++
		}
		heads = append(heads, h)
	}
	return model.NewDisentangled(tokens, width-tokens, heads)
}

// side is the number of rows (axis 0) or columns of a named matrix.
func side(shapes map[string][]int, name string, axis int) (int, error) {
	shape, ok := shapes[name]
	if !ok {
		return 0, fmt.Errorf("tensor %q: missing", name)
	}
	if len(shape) != 2 {
		return 0, fmt.Errorf("tensor %q: shape %v, want a matrix", name, shape)
	}
	return shape[axis], nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Flatten lays tensors out as the parameters of m. Every block must be there
// once, with its shape (a vector will do for a block of one row), and nothing
// else.
func Flatten(m model.Model, tensors []Tensor) ([]float64, error) {
	params := make([]float64, m.Layout().Size())
	for _, t := range tensors {
		if _, err := m.Layout().Block(t.Name); err != nil {
			shown := userfile.Printable(t.Name)
			return nil, fmt.Errorf("tensor %q: model %q of %d tokens and length %d has no such block; leave it out with --ignore %s",
				shown, m.Name(), m.Tokens(), m.SequenceLength(), shown)
		}
	}
	for _, b := range m.Layout() {
		at := slices.IndexFunc(tensors, func(t Tensor) bool { return t.Name == b.Name })
		if at < 0 {
			return nil, fmt.Errorf("tensor %q: missing", b.Name)
		}
		shape := tensors[at].Shape
		if b.Rows != b.Cols && slices.Equal(shape, []int{b.Cols, b.Rows}) {
			return nil, fmt.Errorf("tensor %q: shape %v is transposed, want [%d %d]: features before outputs", b.Name, shape, b.Rows, b.Cols)
		}
		vector := b.Rows == 1 && slices.Equal(shape, []int{b.Cols})
		if !vector && !slices.Equal(shape, []int{b.Rows, b.Cols}) {
			return nil, fmt.Errorf("tensor %q: shape %v, want [%d %d] for model %q of %d tokens and length %d",
				b.Name, shape, b.Rows, b.Cols, m.Name(), m.Tokens(), m.SequenceLength())
		}
		copy(b.Of(params), tensors[at].Data)
	}
	return params, nil
}

// Load reads a file, infers its model and lays the parameters out; notes say
// what was renamed or left out.
func Load(name string, eps float64, o ReadOptions) (m model.Model, params []float64, notes []string, err error) {
	tensors, notes, err := Read(name, o)
	if err != nil {
		return nil, nil, nil, err
	}
	if m, err = Infer(tensors, eps); err == nil {
		params, err = Flatten(m, tensors)
	}
	if err != nil {
		return nil, nil, nil, userfile.Error(name, err)
	}
	return m, params, notes, nil
}

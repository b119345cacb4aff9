package evidence

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/impl/model"
)

// BlockNorm is the Frobenius norm of one token or position block of the
// disentangled transformer's weights.
type BlockNorm struct {
	Name string  `json:"name"` // as in "A2[a1 token, x token]"
	Norm float64 `json:"norm"`
}

// BlockNorms cuts the trained weights of a disentangled transformer along its
// features. Features of layer l are [x token, x position], then for each head
// what it appended: the same features, read at the attended position. Scores
// are query by key; the read-out W has features by tokens. Layers count from 1.
func BlockNorms(m *model.Disentangled, params []float64) ([]BlockNorm, error) {
	if len(params) != m.Layout().Size() {
		return nil, fmt.Errorf("weights: %d numbers, want %d", len(params), m.Layout().Size())
	}
	features := []string{"x"}
	var norms []BlockNorm
	at := 0
	for layer, heads := range m.Heads() {
		var appended []string
		for h := range heads {
			name := fmt.Sprintf("A%d", layer+1)
			if heads > 1 {
				name += fmt.Sprintf(".%d", h+1)
			}
			norms = append(norms, squareNorms(m, name, features, m.Layout()[at].Of(params))...)
			appended = append(appended, prefixed("a"+strings.TrimPrefix(name, "A"), features)...)
			at++
		}
		features = append(features, appended...)
	}
	return append(norms, readOutNorms(m, features, m.Layout()[at].Of(params))...), nil
}

// prefixed names what a head appends: its output of every feature; of x alone
// that is called by the head's name.
func prefixed(head string, features []string) []string {
	var names []string
	for _, f := range features {
		if f == "x" {
			names = append(names, head)
		} else {
			names = append(names, head+" of "+f)
		}
	}
	return names
}

// part is a range of features with its name.
type part struct {
	name     string
	from, to int
}

func parts(m *model.Disentangled, features []string) []part {
	var all []part
	width := m.Tokens() + m.SequenceLength()
	for i, f := range features {
		start := i * width
		all = append(all, part{f + " token", start, start + m.Tokens()}, part{f + " position", start + m.Tokens(), start + width})
	}
	return all
}

func squareNorms(m *model.Disentangled, name string, features []string, a []float64) []BlockNorm {
	var norms []BlockNorm
	cuts := parts(m, features)
	d := len(features) * (m.Tokens() + m.SequenceLength())
	for _, r := range cuts {
		for _, c := range cuts {
			norms = append(norms, BlockNorm{fmt.Sprintf("%s[%s, %s]", name, r.name, c.name), frobenius(a, d, r.from, r.to, c.from, c.to)})
		}
	}
	return norms
}

func readOutNorms(m *model.Disentangled, features []string, w []float64) []BlockNorm {
	var norms []BlockNorm
	for _, r := range parts(m, features) {
		norms = append(norms, BlockNorm{fmt.Sprintf("W[%s]", r.name), frobenius(w, m.Tokens(), r.from, r.to, 0, m.Tokens())})
	}
	return norms
}

// frobenius is the norm of rows [top, bottom) and columns [left, right) of a
// row-major matrix with the given number of columns.
func frobenius(a []float64, columns, top, bottom, left, right int) float64 {
	sum := 0.0
	for i := top; i < bottom; i++ {
		for _, v := range a[i*columns+left : i*columns+right] {
			sum += float64(v * v)
		}
	}
	return math.Sqrt(sum)
}

// meanNorms is the mean over some of a forest's runs of their block norms.
func meanNorms(records []experiment.Record, members []int, weights WeightsOf) ([]BlockNorm, error) {
	var mean []BlockNorm
	for _, n := range members {
		m, params, err := trained(records[n], weights)
		if err != nil {
			return nil, err
		}
		norms, err := BlockNorms(m, params)
		if err != nil {
			return nil, err
		}
		if mean == nil {
			mean = make([]BlockNorm, len(norms))
		}
		for i, b := range norms {
			mean[i].Name = b.Name
			mean[i].Norm += b.Norm / float64(len(members))
		}
	}
	return mean, nil
}

// trained is a record's model with its trained weights.
func trained(r experiment.Record, weights WeightsOf) (*model.Disentangled, []float64, error) {
	params, err := weights(r)
	if err != nil {
		return nil, nil, err
	}
	m, err := r.Spec.NewModel()
	if err != nil {
		return nil, nil, err
	}
	d, ok := m.(*model.Disentangled)
	if !ok {
		return nil, nil, fmt.Errorf("record %q: model %q has no blocks to compare, want disentangled", r.Spec.ID, m.Name())
	}
	return d, params, nil
}

package construct

import (
	"errors"

	"causalgrad/impl/model"
	"causalgrad/theory/graph"
)

var errMaskedReduced = errors.New("roots = masked: the reduced model's second layer does not see positions, want uniform or sink")

// Reduced is theory/README.md, section 6, "forest", in the reduced model:
// A1[i][p(i)] = B, A2 = beta I.
//
// At B = infinity it predicts (c_s + e^-beta u_s) / (M + e^-beta U): c counts
// s_i over the M positions whose parent carries s_T, u over the others (silent
// rows aside). The others act as pseudo-counts with the sequence's own
// frequencies as base measure, and a finite beta is what keeps f_s from 0: see
// BalancedBeta.
func Reduced(f graph.Forest, tokens int, s Settings) (Built, error) {
	c, err := forestContext(f)
	if err != nil {
		return Built{}, err
	}
	if err := s.check(); err != nil {
		return Built{}, err
	}
	if s.Roots == RootsMasked {
		return Built{}, errMaskedReduced
	}
	m, err := model.NewReduced(tokens, c.length, s.Eps)
	if err != nil {
		return Built{}, err
	}
	b := Built{Model: m, Params: make([]float64, m.Layout().Size()), Settings: s, context: c}
	a1, a2 := m.Layout()[0].Of(b.Params), m.Layout()[1].Of(b.Params)
	for i, p := range c.attends(0, s.Roots) {
		if p >= 0 {
			a1[i*c.length+p] = s.B
		}
	}
	for v := range tokens {
		a2[v*tokens+v] = s.Beta
	}
	return b, nil
}

// Forest is theory/README.md, section 6, "forest", in the disentangled transformer
// with heads 1,1: position block B on (i, p(i)) in A0.0; beta on equal tokens
// between the query's own token and the key's parent token (the token part of
// the first head's output) in A1.0; the identity from the token part of the
// second layer's output in W.
func Forest(f graph.Forest, tokens int, s Settings) (Built, error) {
	c, err := forestContext(f)
	if err != nil {
		return Built{}, err
	}
	return disentangled(c, tokens, s)
}

// Parents is theory/README.md, section 6, "k parents", in the disentangled transformer
// with heads k,1: head j of the first layer attends from i to the j-th parent
// of i and from T-1 to the target's j-th parent; A1.0 has beta on equal tokens
// between the query's and the key's output of head j, so that the second
// layer's score is beta times the number of parents that agree.
//
// Where no position agrees in all k the limit falls back to those that agree
// in most. Position T-1 cannot count even where it has k parents of its own:
// its row carries the target's context instead.
func Parents(g graph.DAG, tokens int, s Settings) (Built, error) {
	c, err := dagContext(g)
	if err != nil {
		return Built{}, err
	}
	return disentangled(c, tokens, s)
}

func disentangled(c context, tokens int, s Settings) (Built, error) {
	if err := s.check(); err != nil {
		return Built{}, err
	}
	k := c.arity()
	m, err := model.NewDisentangled(tokens, c.length, []int{k, 1})
	if err != nil {
		return Built{}, err
	}
	b := Built{Model: m, Params: make([]float64, m.Layout().Size()), Settings: s, context: c}
	width := tokens + c.length // of one feature block: tokens, then positions
	for j := range k {
		a := m.Layout()[j].Of(b.Params)
		for i, p := range c.attends(j, s.Roots) {
			if p >= 0 {
				a[(tokens+i)*width+tokens+p] = s.B
			}
		}
	}
	second, columns := m.Layout()[k].Of(b.Params), m.Layout()[k].Cols
	for j := range k {
		key, query := (1+j)*width, (1+j)*width
		if c.forest {
			query = 0 // the last token itself
		}
		for v := range tokens {
			second[(query+v)*columns+key+v] = s.Beta
		}
	}
	if s.Roots == RootsMasked {
		row := second[(tokens+c.length-1)*columns+tokens:]
		for i, p := range c.parents {
			if p == nil {
				row[i] = -(s.B + float64(float64(k)*s.Beta))
			}
		}
	}
	return b.Scaled(1), nil
}

// Scaled is the same construction with W = scale I on the token part of the
// second layer's output; the reduced model, which has no read-out, is returned
// as it is.
func (b Built) Scaled(scale float64) Built {
	block, err := b.Model.Layout().Block("W")
	if err != nil {
		return b
	}
	b.Params, b.Scale = append([]float64(nil), b.Params...), scale
	w, tokens := block.Of(b.Params), b.Model.Tokens()
	at := (1 + b.context.arity()) * (tokens + b.context.length)
	for v := range tokens {
		w[(at+v)*tokens+v] = scale
	}
	return b
}

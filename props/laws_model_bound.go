package props

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/impl/model"
)

// bound is of a vector (its 1-norm), a matrix (its largest row, or for a
// bilinear form its largest entry) or a number of the model's evaluation at
// given parameters, together with how it may vary:
//
//	size        the quantity itself;
//	error       what rounding does to it, to first order, in any order of summation;
//	first       its derivative along any direction with entries in [-1, 1];
//	second      its second derivative along it;
//	slopeError  the rounding error of the computed first derivative.
//
// The rules below are the triangle inequality and the product rule, so writing
// the model in bounds, line by line, derives the tolerances of the laws. A
// gradient computed backwards adds the same products of the same factors in
// another order; slopeError bounds it up to the number of additions, for which every
// count of roundings below is doubled.
type bound struct{ size, error, first, second, slopeError float64 }

func (a bound) plus(b bound) bound {
	return bound{a.size + b.size, a.error + b.error, a.first + b.first, a.second + b.second, a.slopeError + b.slopeError}
}

// times is a product that rounds n times by u.
func (a bound) times(b bound, n, u float64) bound {
	n = 2 * n * u
	return bound{
		size:   a.size * b.size,
		error:  a.size*b.error + a.error*b.size + n*a.size*b.size,
		first:  a.size*b.first + a.first*b.size,
		second: a.size*b.second + 2*a.first*b.first + a.second*b.size,
		slopeError: a.size*b.slopeError + a.error*b.first + a.first*b.error + a.slopeError*b.size +
			n*(a.size*b.first+a.first*b.size),
	}
}

// softmax of n scores as weights of 1-norm 1. With w = softmax(z) along a
// line, w' = w (z' - mean z') and w” = w ((z” - mean z”) + (z' - mean z')^2 -
// variance of z'); each weight's relative error is twice that of a score plus
// that of an exponential, a sum of n and a quotient.
func (a bound) softmax(n, u float64) bound {
	relative := 2*a.error + 2*(n+8)*u
	return bound{1, relative, 2 * a.first, 2*a.second + 8*a.first*a.first, 2*a.slopeError + 3*relative*2*a.first}
}

// crossEntropy of logits z and targets of sum 1: with f = softmax(z) its
// derivative is (f-y).z', its second the same of z” plus a variance.
func (a bound) crossEntropy(s, u float64) bound {
	size := 2*a.size + math.Log(s)
	relative := 2*a.error + 2*(s+8)*u
	return bound{size, 2*a.error + 2*(s+10)*u*(size+1), 2 * a.first, 2*a.second + a.first*a.first,
		2*a.slopeError + 2*relative*a.first}
}

// bounds is what bounds a model at given parameters.
type bounds struct {
	attention  float64 // relative error of a first-layer weight
	prediction float64 // relative error of a prediction
	loss       bound   // of the mean over the batch
	hidden     float64 // error of what enters a relu
}

// boundsOf evaluates the model of n sequences in bounds, for directions within
// the blocks that touched names.
func boundsOf(m model.Spec, layout model.Layout, params []float64, touched func(block string) bool, n int, u float64) bounds {
	p := parameterBounds{layout, params, touched, u}
	var r bounds
	switch m.Kind {
	case "reduced":
		r = p.reduced(m)
	case "transformer":
		r = p.transformer(m)
	default:
		r = p.disentangled(m)
	}
	batch := 2 * float64(n+2) * u // the mean
	r.loss.error += batch * r.loss.size
	r.loss.slopeError += batch * r.loss.first
	return r
}

type parameterBounds struct {
	layout  model.Layout
	params  []float64
	touched func(string) bool
	u       float64
}

// form is the bound of a bilinear form: of all blocks with the prefix, the
// largest entry. Every parameter may have been rounded to the subject's precision.
func (p parameterBounds) form(prefix string) bound {
	var r bound
	for _, b := range p.layout {
		if strings.HasPrefix(b.Name, prefix) {
			for _, v := range b.Of(p.params) {
				r.size = math.Max(r.size, math.Abs(v))
			}
			if p.touched(b.Name) {
				r.first = 1
			}
		}
	}
	r.error = p.u * r.size
	return r
}

// rows is the bound of a matrix that a row vector multiplies: its largest row.
func (p parameterBounds) rows(name string, scale float64) bound {
	var r bound
	for _, b := range p.layout {
		if b.Name != name {
			continue
		}
		for i := range b.Rows {
			sum := 0.0
			for _, v := range b.Of(p.params)[i*b.Cols : (i+1)*b.Cols] {
				sum += math.Abs(v)
			}
			r.size = math.Max(r.size, scale*sum)
		}
		if p.touched(b.Name) {
			r.first = scale * float64(b.Cols)
		}
	}
	r.error = 2 * p.u * r.size
	return r
}

// disentangled: a feature vector has 1-norm 2 for each of its blocks, one for
// the token half and one for the position half.
func (p parameterBounds) disentangled(m model.Spec) (r bounds) {
	t, u := float64(m.Length), p.u
	x := bound{size: 2}
	width := func() float64 { return x.size / 2 * float64(m.Tokens+m.Length) }
	for l, heads := range m.Heads {
		score := x.times(p.form(fmt.Sprintf("A%d.", l)), width(), u).times(x, width(), u)
		weights := score.softmax(t, u)
		if l == 0 {
			r.attention = weights.error
		}
		head := weights.times(x, t, u)
		for range heads {
			x = x.plus(head)
		}
	}
	logits := x.times(p.form("W"), width(), u)
	r.prediction = logits.softmax(float64(m.Tokens), u).error
	r.loss = logits.crossEntropy(float64(m.Tokens), u)
	return r
}

// reduced: with E_s the mean over positions of token s weighted by v,
// (log f_s)' = E_s z' - E z', at most 2 |z'|, and its derivative at most
// 2 |z”| + 4 |z'|^2; log(f+eps) has f/(f+eps) <= 1 of the first and at most
// 2 (log f)'^2 more of the second. f is at least e^(-2|z|)/T where it is not 0.
func (p parameterBounds) reduced(m model.Spec) (r bounds) {
	t, s, u := float64(m.Length), float64(m.Tokens), p.u
	weights := p.form("A1").softmax(t, u)
	z := weights.times(p.form("A2"), t, u)
	v := z.softmax(t, u)
	r.attention, r.prediction = weights.error, v.error+2*t*u
	size := 2*z.size + math.Log(t) + 1
	if m.Eps > 0 {
		size = math.Max(size, -math.Log(m.Eps))
	}
	relative := r.prediction + 2*(s+8)*u
	r.loss = bound{size, relative + 2*(s+8)*u*size, 2 * z.first, 2*z.second + 12*z.first*z.first,
		2*z.slopeError + 4*relative*2*z.first}
	return r
}

// transformer: relu is linear wherever it can be differentiated.
func (p parameterBounds) transformer(m model.Spec) (r bounds) {
	t, d, u := float64(m.Length), float64(m.Tokens+m.Length), p.u
	x := p.rows("wte", 1).plus(p.rows("wpe", 1))
	for l := range m.Layers {
		layer := fmt.Sprint(l)
		weights := x.times(p.form("A"+layer), d, u).times(x, d, u).softmax(t, u)
		if l == 0 {
			r.attention = weights.error
		}
		value := weights.times(x, t, u).times(p.rows("V"+layer, 1), d, u)
		hidden := value.times(p.rows("mlp"+layer+".W0", 1), d, u).plus(p.rows("mlp"+layer+".b0", math.Sqrt(d)))
		hidden.error += 4 * u * hidden.size
		r.hidden = math.Max(r.hidden, hidden.error)
		x = x.plus(hidden.times(p.rows("mlp"+layer+".W1", 1), d, u)).plus(p.rows("mlp"+layer+".b1", math.Sqrt(d)))
		x.error += 6 * u * x.size
		x.slopeError += 6 * u * x.first
	}
	logits := x.times(p.form("W"), d, u)
	r.prediction = logits.softmax(float64(m.Tokens), u).error
	r.loss = logits.crossEntropy(float64(m.Tokens), u)
	return r
}

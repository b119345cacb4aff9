package props

import (
	"fmt"

	"causalgrad/impl/model"
	"pgregory.net/rapid"
)

// shift is a direction of the parameters along which a model does not change.
// In exact arithmetic each follows from one of two facts: a constant added to
// all scores of a softmax cancels, and both halves of a feature block, tokens
// and positions, carry the same mass.
type shift struct {
	id, sentence string
	kinds        []string
	direction    func(x trial, v []float64)
}

var shifts = []shift{
	{"shift-reduced-positions", "A constant added to a row of A1 changes nothing", []string{model.KindReduced},
		func(x trial, v []float64) { x.markRows(v, "A1", x.draw("row", x.Spec.Length), 1) }},
	{"shift-reduced-tokens", "A constant added to a row of A2 changes nothing: each z_i is shifted by it", []string{model.KindReduced},
		func(x trial, v []float64) { x.markRows(v, "A2", x.draw("row", x.Spec.Tokens), 1) }},
	{"shift-scores", "A constant added to a row of a disentangled head, over the tokens or the positions of one feature block, " +
		"changes nothing", []string{model.KindDisentangled}, shiftScores},
	{"shift-logits", "A constant added to a row of the read-out changes nothing", []string{model.KindDisentangled, model.KindTransformer},
		func(x trial, v []float64) {
			x.markRows(v, "W", x.draw("row", x.Layout[len(x.Layout)-1].Rows), 1)
		}},
	{"exchange-features", "A vector moved from the token rows to the position rows of one feature block, of a head or the read-out, " +
		"changes nothing", []string{model.KindDisentangled}, exchangeFeatures},
	{"exchange-embeddings", "A vector moved from the token embeddings to the position embeddings changes nothing",
		[]string{model.KindTransformer}, exchangeEmbeddings},
}

func shiftLaws() []Law {
	var laws []Law
	for _, k := range shifts {
		laws = append(laws, Law{ID: k.id, Source: section("2"), Needs: []Capability{CanEvaluate},
			Sentence: k.sentence + ", and the gradient is orthogonal to it.",
			Check: func(t *rapid.T, s Subject) {
				x := smoothTrial(t, s, k.kinds...)
				v := make([]float64, len(x.Params))
				k.direction(x, v)
				x.invariant(v, float64(rapid.IntRange(1, 4).Draw(t, "constant")))
			}})
	}
	return laws
}

// draw is an index below n.
func (x trial) draw(what string, n int) int { return rapid.IntRange(0, n-1).Draw(x.T, what) }

// invariant demands that the model at p + c v is the model at p.
func (x trial) invariant(v []float64, c float64) {
	other := x.moved(v, c)
	e, shifted := x.Evaluate(), other.Evaluate()
	r, far := x.bounds(), other.bounds()
	within(x.T, other.text(), "loss", shifted.Loss, e.Loss, r.loss.error+far.loss.error)
	withinAll(x.T, other.text(), "predictions", shifted.Predictions, e.Predictions, r.prediction+far.prediction)
	var blocks []string
	for _, b := range x.Layout {
		for _, d := range b.Of(v) {
			if d != 0 {
				blocks = append(blocks, b.Name)
				break
			}
		}
	}
	within(x.T, x.text(), fmt.Sprintf("gradient of %v along the shift", blocks), along(e.Gradient, v), 0, x.bounds(blocks...).loss.slopeError)
}

// drawHead draws a block that rows of features enter, a head or the read-out.
func (x trial) drawBlock(last int) (name string, rows, cols int) {
	b := x.Layout[x.draw("block", last)]
	return b.Name, b.Rows, b.Cols
}

// half is the tokens or the positions of a drawn feature block of width d.
func (x trial) half(d int) (from, n int) {
	width := x.Spec.Tokens + x.Spec.Length
	from = x.draw("feature block", d/width) * width
	if rapid.Bool().Draw(x.T, "positions") {
		return from + x.Spec.Tokens, x.Spec.Length
	}
	return from, x.Spec.Tokens
}

func shiftScores(x trial, v []float64) {
	name, rows, cols := x.drawBlock(len(x.Layout) - 1)
	row := x.draw("row", rows)
	from, n := x.half(cols)
	for c := from; c < from+n; c++ {
		x.block(v, name)[row*cols+c] = 1
	}
}

func exchangeFeatures(x trial, v []float64) {
	name, rows, cols := x.drawBlock(len(x.Layout))
	width := x.Spec.Tokens + x.Spec.Length
	from := x.draw("feature block", rows/width) * width
	for c := range cols {
		step := float64(rapid.IntRange(-1, 1).Draw(x.T, "entry"))
		for k := range width {
			x.block(v, name)[(from+k)*cols+c] = step
			if k >= x.Spec.Tokens {
				x.block(v, name)[(from+k)*cols+c] = -step
			}
		}
	}
}

func exchangeEmbeddings(x trial, v []float64) {
	d := x.Spec.Tokens + x.Spec.Length
	for c := range d {
		step := float64(rapid.IntRange(-1, 1).Draw(x.T, "entry"))
		for a := range x.Spec.Tokens {
			x.block(v, "wte")[a*d+c] = step
		}
		for i := range x.Spec.Length {
			x.block(v, "wpe")[i*d+c] = -step
		}
	}
}

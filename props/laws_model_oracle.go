package props

import (
	"fmt"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
)

// modelOracle evaluates a model as theory/README.md, section 2 writes it, one line a
// formula, feature vectors and all, in dual numbers: the third way to every
// loss and gradient beside the structured and the dense one of impl/model, and
// the only one that is exact to a hundred bits.
type modelOracle struct {
	spec   model.Spec
	blocks map[string]dualMatrix
}

type dualMatrix struct {
	cols    int
	entries []dual
}

func (m dualMatrix) row(i int) []dual { return m.entries[i*m.cols : (i+1)*m.cols] }

// newModelOracle binds parameters that move along direction.
func newModelOracle(spec model.Spec, layout model.Layout, params, direction []float64) modelOracle {
	o := modelOracle{spec, map[string]dualMatrix{}}
	for _, b := range layout {
		m := dualMatrix{b.Cols, make([]dual, b.Size())}
		for i := range m.entries {
			m.entries[i] = dual{wide{hi: b.Of(params)[i]}, wide{hi: b.Of(direction)[i]}}
		}
		o.blocks[b.Name] = m
	}
	return o
}

// answer is what the oracle says of one sequence.
type answer struct {
	f, logF   []dual     // predictions and log f, for the reduced model log(f + eps)
	attention [][][]dual // first layer: head, query, key up to the query
	hidden    []dual     // what goes into a relu
}

func (o modelOracle) sequence(tokens []uint16) answer {
	switch o.spec.Kind {
	case "reduced":
		return o.reduced(tokens)
	case "transformer":
		return o.transformer(tokens)
	}
	return o.disentangled(tokens)
}

// loss is -mean of sum_s y_s log f_s.
func (o modelOracle) loss(b *task.Batch) dual {
	sum := dual{}
	for n := range b.N {
		logF := o.sequence(b.Sequence(n)).logF
		for s, y := range b.Target(n) {
			if y != 0 {
				sum = sum.minus(logF[s].times(constant(y)))
			}
		}
	}
	return sum.over(constant(float64(b.N)))
}

func (o modelOracle) disentangled(tokens []uint16) answer {
	var out answer
	x := make([][]dual, len(tokens))
	for i, a := range tokens {
		x[i] = make([]dual, o.spec.Tokens+o.spec.Length)
		x[i][a] = constant(1)
		x[i][o.spec.Tokens+i] = constant(1)
	}
	for l, heads := range o.spec.Heads {
		next := make([][]dual, len(x))
		for i := range x {
			next[i] = append(next[i], x[i]...)
		}
		for h := range heads {
			weights := attend(x, o.blocks[fmt.Sprintf("A%d.%d", l, h)])
			for i := range x {
				next[i] = append(next[i], combine(weights[i], x)...)
			}
			if l == 0 {
				out.attention = append(out.attention, weights)
			}
		}
		x = next
	}
	out.logF, out.f = logSoftmax(rowTimes(x[len(x)-1], o.blocks["W"]))
	return out
}

func (o modelOracle) reduced(tokens []uint16) answer {
	a1, a2 := o.blocks["A1"], o.blocks["A2"]
	weights := make([][]dual, len(tokens))
	z := make([]dual, len(tokens))
	query := a2.row(int(tokens[len(tokens)-1]))
	for i := range tokens {
		_, weights[i] = logSoftmax(a1.row(i)[:i+1])
		for j, a := range weights[i] {
			z[i] = z[i].plus(a.times(query[tokens[j]]))
		}
	}
	_, v := logSoftmax(z)
	out := answer{f: make([]dual, o.spec.Tokens), logF: make([]dual, o.spec.Tokens), attention: [][][]dual{weights}}
	for i, s := range tokens {
		out.f[s] = out.f[s].plus(v[i])
	}
	for s := range out.f {
		out.logF[s] = out.f[s].plus(constant(o.spec.Eps)).log()
	}
	return out
}

func (o modelOracle) transformer(tokens []uint16) answer {
	var out answer
	x := make([][]dual, len(tokens))
	for i, a := range tokens {
		x[i] = sumOf(o.blocks["wte"].row(int(a)), o.blocks["wpe"].row(i))
	}
	width := dual{value: wide{hi: float64(o.spec.Tokens + o.spec.Length)}.sqrt()}
	linear := func(x []dual, l, k int) []dual {
		bias := make([]dual, len(x))
		for c, b := range o.blocks[fmt.Sprintf("mlp%d.b%d", l, k)].row(0) {
			bias[c] = b.times(width)
		}
		return sumOf(rowTimes(x, o.blocks[fmt.Sprintf("mlp%d.W%d", l, k)]), bias)
	}
	for l := range o.spec.Layers {
		weights := attend(x, o.blocks[fmt.Sprintf("A%d", l)])
		next := make([][]dual, len(x))
		for i := range x {
			h := linear(rowTimes(combine(weights[i], x), o.blocks[fmt.Sprintf("V%d", l)]), l, 0)
			for k := range h {
				out.hidden = append(out.hidden, h[k])
				if h[k].value.hi <= 0 {
					h[k] = dual{}
				}
			}
			next[i] = sumOf(x[i], linear(h, l, 1))
		}
		if l == 0 {
			out.attention = [][][]dual{weights}
		}
		x = next
	}
	out.logF, out.f = logSoftmax(rowTimes(x[len(x)-1], o.blocks["W"]))
	return out
}

// attend is a_ij = softmax over j <= i of x_i^T A x_j.
func attend(x [][]dual, a dualMatrix) [][]dual {
	weights := make([][]dual, len(x))
	for i := range x {
		query := rowTimes(x[i], a)
		scores := make([]dual, i+1)
		for j := range scores {
			for k, v := range x[j] {
				if !v.zero() {
					scores[j] = scores[j].plus(v.times(query[k]))
				}
			}
		}
		_, weights[i] = logSoftmax(scores)
	}
	return weights
}

// combine is sum_j weights[j] x[j].
func combine(weights []dual, x [][]dual) []dual {
	out := make([]dual, len(x[0]))
	for j, a := range weights {
		for k, v := range x[j] {
			if !v.zero() {
				out[k] = out[k].plus(a.times(v))
			}
		}
	}
	return out
}

// rowTimes is x^T m.
func rowTimes(x []dual, m dualMatrix) []dual {
	out := make([]dual, m.cols)
	for k, v := range x {
		if v.zero() {
			continue
		}
		for c, w := range m.row(k) {
			if !w.zero() {
				out[c] = out[c].plus(v.times(w))
			}
		}
	}
	return out
}

func sumOf(x, y []dual) []dual {
	out := make([]dual, len(x))
	for k := range out {
		out[k] = x[k].plus(y[k])
	}
	return out
}

// logSoftmax is z - log sum exp z and its exponential.
func logSoftmax(z []dual) (logs, weights []dual) {
	largest := dual{value: z[0].value}
	for _, v := range z {
		if v.value.minus(largest.value).hi > 0 {
			largest = dual{value: v.value}
		}
	}
	sum := dual{}
	for _, v := range z {
		sum = sum.plus(v.minus(largest).exp())
	}
	shift := largest.plus(sum.log())
	for _, v := range z {
		logs = append(logs, v.minus(shift))
		weights = append(weights, v.minus(shift).exp())
	}
	return logs, weights
}

package theorylaws

import (
	"fmt"
	"math"
	"math/big"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/props/oracle"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// firstStepCounting: in F_ik - F_il only the law of a token's count N and of
// two positions' tokens is left, which generating polynomials on the forest
// give without cancellation.
func firstStepCounting(t *rapid.T, s props.Subject) {
	length := rapid.SampledFrom([]int{6, 12, 25, 40, 90, 200}).Draw(t, "length")
	f := gen.Forests(length, length).Draw(t, "forest").Forest
	x := props.SteppedOn(t, s, f, props.DrawChain(t, 2, 3), props.DrawEps(t))
	i := rapid.IntRange(1, length-1).Draw(t, "row")
	k, l := rapid.IntRange(0, i).Draw(t, "column"), rapid.IntRange(0, i).Draw(t, "other column")
	of, ofOther := response(x, i, k), response(x, i, l)
	scale := float64(x.Markov.Tokens() * length * (i + 1))
	want := (of.value - ofOther.value) / scale
	slack := countSlack(x, s) * (of.size + ofOther.size) / scale
	what := fmt.Sprintf("gradient[%[1]d][%[2]d] - gradient[%[1]d][%[3]d]", i, k, l)
	props.Within(t, x.Case, what, x.Gradient[i][k]-x.Gradient[i][l], want, slack)
	alone := askAverage(t, s, x.Case, f, markov.Point{Chain: x.Markov}, x.Eps, firststep.Options{Workers: 1})
	props.Within(t, x.Case, what+" of the average over one chain", alone.Mean[i][k]-alone.Mean[i][l], want, slack)
}

// countSlack bounds the relative rounding of a sum of positive terms, each a
// product of at most T probabilities and a reciprocal: of a term's T roundings,
// of S^2 sums, and of the stationary law, off by S u condition in sum. 32 is for
// what an implementation does in other ways.
func countSlack(x props.StepInstance, s props.Subject) float64 {
	size, least := float64(x.Markov.Tokens()), 1.0
	for _, m := range x.Markov.Stationary() {
		least = math.Min(least, m)
	}
	return 32 * s.Roundoff() * (float64(x.Forest.SequenceLength()) + size*size + size*oracle.ConditionNumber(x.Markov)/least)
}

// sized is a difference of sums of positive terms, and the sum of them all.
type sized struct{ value, size float64 }

func (z *sized) add(sign, term float64) { z.value, z.size = z.value+sign*term, z.size+term }

// response is F_ik = sum_q E[c_i(q) 1[s_k=q] | s_T=q].
func response(x props.StepInstance, i, k int) (sum sized) {
	length := x.Forest.SequenceLength()
	for q := range x.Markov.Tokens() {
		for v := range x.Markov.Tokens() {
			held := []mark{{k, q}}
			sum.add(-1, x.Markov.P(q, v)*weighted(x, v, q, held, func(m float64) float64 { return m / (m + x.Eps) }))
			if i == length-1 && q != v {
				continue // s_T is q
			}
			sum.add(1, x.Markov.P(q, v)*weighted(x, v, q, append(held, mark{i, v}), func(m float64) float64 { return 1 / (m + x.Eps) }))
		}
	}
	return sum
}

// weighted is E[weight(muhat_v) 1[every mark]] given s_T = q, over muhat_v > 0.
func weighted(x props.StepInstance, v, q int, marks []mark, weight func(m float64) float64) float64 {
	last, sum := 0, 0.0
	if q == v {
		last = 1
	}
	for n, p := range countLaw(x.Forest, x.Markov, v, marks) {
		if n+last > 0 {
			sum += p * weight(float64(n+last)/float64(x.Forest.SequenceLength()))
		}
	}
	return sum
}

// mark says that a position holds a token. One at the last position says nothing here.
type mark struct{ position, token int }

// countLaw is P(N = n and every mark), n = 0 to T-1, where N counts the token v
// in the prefix: the coefficients of a generating polynomial, from the leaves up.
func countLaw(f graph.Forest, c *markov.Chain, v int, marks []mark) []float64 {
	below := make([][][]float64, f.Positions()) // [position][its token]: polynomial of its subtree
	for i := range below {
		for a := range c.Tokens() {
			p := []float64{1}
			if a == v {
				p = []float64{0, 1}
			}
			for _, m := range marks {
				if m.position == i && m.token != a {
					p = []float64{0}
				}
			}
			below[i] = append(below[i], p)
		}
	}
	whole := []float64{1}
	for i := f.Positions() - 1; i >= 0; i-- { // children before parents
		if p := f.Parent(i); p != graph.Root {
			for a := range c.Tokens() {
				below[p][a] = polynomialProduct(below[p][a], mixedPolynomial(c.Row(a), below[i]))
			}
		} else {
			whole = polynomialProduct(whole, mixedPolynomial(c.Stationary(), below[i]))
		}
	}
	return whole
}

func mixedPolynomial(weights []float64, polynomials [][]float64) []float64 {
	var sum []float64
	for a, p := range polynomials {
		for len(sum) < len(p) {
			sum = append(sum, 0)
		}
		for n, v := range p {
			sum[n] += weights[a] * v
		}
	}
	return sum
}

func polynomialProduct(a, b []float64) []float64 {
	product := make([]float64, len(a)+len(b)-1)
	for n, v := range a {
		for m, w := range b {
			product[n+m] += v * w
		}
	}
	return product
}

// firstStepRefusals asks every method for what it cannot do.
func firstStepRefusals(t *rapid.T, s props.Subject) {
	methods := s.(FirstStepMethods)
	f, c := props.DrawForest(t, 3, 6).Forest, props.DrawChain(t, 2, 3)
	k, rows := props.ForestCase(f, c), oracle.Exact(c.Rows())
	props.AskFirstStep(t, s, k, f, c, 0) // the case itself is none to refuse
	refuse := func(what string, call func() error, words ...string) {
		_, err := props.Guarded(func() (bool, error) { return true, call() })
		props.Refused(t, k, what, err, words...)
	}
	eps := rapid.SampledFrom([]float64{-1e-9, -1, math.NaN(), math.Inf(1), 1e7}).Draw(t, "eps")
	name := fmt.Sprintf("eps = %v", eps)
	refuse("gradient", func() error { _, err := s.(props.FirstStepper).FirstStep(f, c.Rows(), eps); return err }, name)
	refuse("enumeration", func() error { _, err := methods.EnumerateFirstStep(f, c.Rows(), eps); return err }, name)
	refuse("rational", func() error { _, err := methods.RationalFirstStep(f, rows, big.NewRat(-1, 3)); return err }, "eps = -1/3")
	empty := graph.Forest{}
	refuse("gradient of no forest", func() error { _, err := s.(props.FirstStepper).FirstStep(empty, c.Rows(), 0); return err }, "sequence length 1")
	refuse("enumeration of no forest", func() error { _, err := methods.EnumerateFirstStep(empty, c.Rows(), 0); return err }, "sequence length 1")
	refuse("rational of no forest", func() error { _, err := methods.RationalFirstStep(empty, rows, nil); return err }, "sequence length 1")
	many := rapid.IntRange(21, 40).Draw(t, "positions")
	stars := make([]int, many)
	for i := range stars {
		stars[i] = graph.Root
	}
	limit := fmt.Sprintf("%d positions", many)
	refuse("enumeration of many", func() error { _, err := methods.EnumerateFirstStep(props.ForestOf(stars), c.Rows(), 0); return err }, limit, "prefixes")
	refuse("rational of many", func() error { _, err := methods.RationalFirstStep(props.ForestOf(stars), rows, nil); return err }, limit, "prefixes")
	refuse("rational chain", func() error { _, err := methods.RationalFirstStep(f, drawBrokenRows(t, rows), nil); return err }, "chain")
}

// drawBrokenRows damages the rows of a chain.
func drawBrokenRows(t *rapid.T, rows [][]*big.Rat) [][]*big.Rat {
	one, none := big.NewRat(1, 1), new(big.Rat)
	a := rapid.IntRange(0, len(rows)-1).Draw(t, "row")
	switch rapid.SampledFrom([]string{"none", "one", "short", "negative", "nil", "sum", "absorbing", "isolated"}).Draw(t, "fault") {
	case "none":
		return nil
	case "one":
		return [][]*big.Rat{{one}}
	case "short":
		rows[a] = rows[a][1:]
	case "negative":
		rows[a][0] = big.NewRat(-1, 10)
	case "nil":
		rows[a][0] = nil
	case "sum":
		rows[a][0] = new(big.Rat).Add(rows[a][0], big.NewRat(1, 1000))
	case "absorbing":
		return [][]*big.Rat{{big.NewRat(1, 2), big.NewRat(1, 2)}, {none, one}}
	case "isolated":
		return [][]*big.Rat{{one, none}, {big.NewRat(1, 2), big.NewRat(1, 2)}}
	}
	return rows
}

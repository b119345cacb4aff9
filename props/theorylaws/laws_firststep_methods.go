package theorylaws

import (
	"fmt"
	"math/big"
	"slices"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

var firstStepMethods = []props.Capability{CanFirstStepMethods}

// firstStepMethodLaws: the ways to the first-step gradient agree, with each
// other and with the definition.
func firstStepMethodLaws() []props.Law {
	both := []props.Capability{props.CanFirstStep, CanFirstStepMethods}
	return slices.Concat([]props.Law{
		{ID: "first-step-methods-agree", Source: "theory.md section 3", Needs: both, Draws: 30, Check: firstStepMethodsAgree,
			Sentence: "The enumeration of all prefixes and rational arithmetic give the first-step gradient up to rounding."},
		{ID: "first-step-rational-definition", Source: "theory.md section 3", Needs: firstStepMethods, Draws: 15, Check: rationalDefinition,
			Sentence: "In rational arithmetic the first-step gradient is the definition exactly; its rows sum to 0 and nothing is above the diagonal."},
		{ID: "first-step-rational-symmetry", Source: "theory.md section 3, fact 8", Needs: firstStepMethods, Draws: 15, Check: rationalSymmetry,
			Sentence: "In rational arithmetic renaming the tokens changes nothing, and i (G_ik - G_il) is exactly the same in an isomorphic forest."},
		{ID: "first-step-counting", Source: "theory.md section 3", Needs: both, Draws: 25, Check: firstStepCounting,
			Sentence: "Differences in a row of the first-step gradient follow from the law of a token's count on the forest, at T up to 200."},
		{ID: "first-step-refusals", Source: "theory.md section 3", Needs: both, Draws: 40, Check: firstStepRefusals,
			Sentence: "What has no first-step gradient, or too many prefixes to enumerate, is refused with the offending value."},
	}, firstStepAverageLaws(), leadingOrderLaws())
}

func askEnumerate(t *rapid.T, s props.Subject, c props.Case, f graph.Forest, chain *markov.Chain, eps float64) [][]float64 {
	g := props.Ask(t, c, "enumerated gradient", func() ([][]float64, error) {
		return s.(FirstStepMethods).EnumerateFirstStep(f, chain.Rows(), eps)
	})
	props.FiniteSquare(t, c, "enumerated gradient", g, f.SequenceLength())
	return g
}

func askRational(t *rapid.T, s props.Subject, c props.Case, f graph.Forest, rows [][]*big.Rat, eps *big.Rat) [][]*big.Rat {
	g := props.Ask(t, c, "rational gradient", func() ([][]*big.Rat, error) {
		return s.(FirstStepMethods).RationalFirstStep(f, rows, eps)
	})
	ok := len(g) == f.SequenceLength()
	for _, row := range g {
		ok = ok && len(row) == len(g) && !slices.Contains(row, nil)
	}
	props.Demand(t, c, ok, "rational gradient", fmt.Sprintf("%[1]d x %[1]d numbers", f.SequenceLength()), "another shape")
	return g
}

func firstStepMethodsAgree(t *rapid.T, s props.Subject) {
	tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
	f := props.DrawForest(t, 3, 10-2*tokens).Forest
	x := props.SteppedOn(t, s, f, props.DrawChain(t, tokens, tokens), props.DrawEps(t))
	props.WithinMatrix(t, x.Case, "enumerated gradient", askEnumerate(t, s, x.Case, f, x.Markov, x.Eps), x.Gradient, 2*x.Slack)
	exact := askRational(t, s, x.Case, f, oracle.Exact(x.Markov.Rows()), new(big.Rat).SetFloat64(x.Eps))
	rounded := make([][]float64, len(exact))
	for i, row := range exact {
		for _, v := range row {
			r, _ := v.Float64()
			rounded[i] = append(rounded[i], r)
		}
	}
	props.WithinMatrix(t, x.Case, "rational gradient", rounded, x.Gradient, x.Slack)
}

// fractions is a chain and an eps in rational numbers.
type fractions struct {
	props.Case
	f    graph.Forest
	rows [][]*big.Rat
	eps  *big.Rat // nil for 0
}

func drawFractions(t *rapid.T) fractions {
	tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
	x := fractions{f: props.DrawForest(t, 3, 7-tokens).Forest}
	for a := range tokens {
		weights, sum := make([]int64, tokens), int64(0)
		for b := range weights {
			weights[b] = int64(rapid.IntRange(0, 4).Draw(t, "weight"))
			if b == (a+1)%tokens { // a cycle through all tokens: irreducible
				weights[b]++
			}
			sum += weights[b]
		}
		var row []*big.Rat
		for _, w := range weights {
			row = append(row, big.NewRat(w, sum))
		}
		x.rows = append(x.rows, row)
	}
	if n := rapid.IntRange(0, 3).Draw(t, "eps"); n > 0 {
		x.eps = big.NewRat(int64(n), 7)
	}
	x.Case = props.Case{Graph: x.f.String()}.Where("chain %v, eps %v", x.rows, x.eps)
	return x
}

// sameRat demands an exact equality.
func sameRat(t *rapid.T, c props.Case, what string, got, want *big.Rat) {
	props.Demand(t, c, got.Cmp(want) == 0, what, want.RatString()+" exactly", got.RatString())
}

func rationalDefinition(t *rapid.T, s props.Subject) {
	x := drawFractions(t)
	g, want := askRational(t, s, x.Case, x.f, x.rows, x.eps), x.definition()
	for i, row := range g {
		sum := new(big.Rat)
		for k, v := range row {
			sameRat(t, x.Case, props.At("gradient", i, k), v, want[i][k])
			sum.Add(sum, v)
		}
		sameRat(t, x.Case, fmt.Sprintf("sum of row %d", i), sum, new(big.Rat))
	}
}

func rationalSymmetry(t *rapid.T, s props.Subject) {
	x := drawFractions(t)
	g := askRational(t, s, x.Case, x.f, x.rows, x.eps)
	names := props.DrawOrder(t, len(x.rows))
	renamed := make([][]*big.Rat, len(x.rows))
	for a := range renamed {
		renamed[a] = make([]*big.Rat, len(x.rows))
	}
	for a, row := range x.rows {
		for b, p := range row {
			renamed[names[a]][names[b]] = p
		}
	}
	c := x.Where("tokens renamed by %v", names)
	for i, row := range askRational(t, s, c, x.f, renamed, x.eps) {
		for k, v := range row {
			sameRat(t, c, props.At("gradient", i, k), v, g[i][k])
		}
	}
	again, order := props.DrawReordering(t, x.f)
	c = x.Where("and %s", again)
	moved := askRational(t, s, c, again, x.rows, x.eps)
	times := func(n int, a, b *big.Rat) *big.Rat {
		d := new(big.Rat).Sub(a, b)
		return d.Mul(d, big.NewRat(int64(n), 1))
	}
	for i := range x.f.Positions() {
		for k := range i {
			if order[k] < order[i] {
				sameRat(t, c, props.At("i (G_ii - G_ik)", i, k), times(order[i]+1, moved[order[i]][order[i]], moved[order[i]][order[k]]),
					times(i+1, g[i][i], g[i][k]))
			}
		}
	}
}

// definition is FirstStep in rational numbers.
func (x fractions) definition() [][]*big.Rat {
	length, size := x.f.SequenceLength(), len(x.rows)
	g := make([][]*big.Rat, length)
	for i := range g {
		for range length {
			g[i] = append(g[i], new(big.Rat))
		}
	}
	x.everySequence(func(tokens []int, probability *big.Rat) {
		q := tokens[length-1]
		for i := range tokens {
			response := x.response(tokens, i, q) // c_i(q)
			response.Mul(response, probability)
			response.Mul(response, big.NewRat(1, int64(size*length*(i+1))))
			held := int64(0)
			for _, v := range tokens[:i+1] {
				if v == q {
					held++
				}
			}
			for k := range i + 1 {
				centred := big.NewRat(-held, int64(i+1))
				if tokens[k] == q {
					centred.Add(centred, big.NewRat(1, 1))
				}
				g[i][k].Add(g[i][k], centred.Mul(centred, response))
			}
		}
	})
	return g
}

// response is c_i(q) = sum_s pi[q][s]/(muhat_s+eps) (1[s_i=s] - muhat_s).
func (x fractions) response(tokens []int, i, q int) *big.Rat {
	sum := new(big.Rat)
	for v := range x.rows {
		count := int64(0)
		for _, token := range tokens {
			if token == v {
				count++
			}
		}
		if count == 0 {
			continue
		}
		frequency := big.NewRat(count, int64(len(tokens)))
		excess := new(big.Rat).Neg(frequency)
		if tokens[i] == v {
			excess.Add(excess, big.NewRat(1, 1))
		}
		if x.eps != nil {
			frequency = new(big.Rat).Add(frequency, x.eps)
		}
		term := new(big.Rat).Quo(excess, frequency)
		sum.Add(sum, term.Mul(term, x.rows[q][v]))
	}
	return sum
}

// everySequence visits every sequence with the exact probability of its
// prefix: the last token is given.
func (x fractions) everySequence(visit func(tokens []int, probability *big.Rat)) {
	tokens := make([]int, x.f.SequenceLength())
	mu, _ := oracle.Ratios(x.rows).Stationary() // irreducible
	var extend func(i int, probability *big.Rat)
	extend = func(i int, probability *big.Rat) {
		if i == len(tokens) {
			visit(tokens, probability)
			return
		}
		for v := range x.rows {
			p := probability
			if i < x.f.Positions() {
				law := mu[v]
				if parent := x.f.Parent(i); parent != graph.Root {
					law = x.rows[tokens[parent]][v]
				}
				p = new(big.Rat).Mul(probability, law)
			}
			tokens[i] = v
			extend(i+1, p)
		}
	}
	extend(0, big.NewRat(1, 1))
}

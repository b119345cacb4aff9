package fault

import (
	"causalgrad/theory/graph"
)

var (
	stepRowFactorMissing = mistake(inFirstStep, "first-step-row-factor-missing",
		"the factor 1/i of row i is missing in the first-step gradient", "first-step-definition")
	stepMeanKept = mistake(inFirstStep, "first-step-mean-kept",
		"the row's mean is not subtracted in the first-step gradient", "first-step-row-sums")
	stepMeanTooShort = mistake(inFirstStep, "first-step-mean-excludes-self",
		"the row's mean is taken over k < i instead of k <= i", "first-step-definition")
	stepFactorMissing = mistake(inFirstStep, "first-step-token-factor-missing",
		"the factor 1/S of the uniform last token is missing", "first-step-definition")
	stepEpsIgnored = mistake(inFirstStep, "first-step-eps-ignored",
		"eps is ignored in the first-step gradient", "first-step-definition")
	stepLastTokenLost = mistake(inFirstStep, "first-step-last-token-lost",
		"the empirical frequencies leave out the last token", "first-step-definition")
	stepChainTransposed = mistake(inFirstStep, "first-step-chain-transposed",
		"c_i reads pi[s][q] instead of pi[q][s]", "first-step-definition")
	stepRootsUniform = mistake(inFirstStep, "first-step-roots-uniform",
		"the expectation draws roots uniformly instead of from mu", "first-step-definition")
	stepNegated = mistake(inFirstStep, "first-step-negated",
		"the gradient is returned in place of the descent direction", "first-step-definition")
)

// maxPrefixes bounds the S^(T-1) prefixes that FirstStep enumerates.
const maxPrefixes = 1 << 13

// FirstStep implements props.FirstStepper where there are few prefixes: the sum of
// theory/README.md, section 3 over all prefixes and last tokens, as it stands.
func (p *plain) FirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
	n := 1
	for range f.Positions() {
		if n *= len(chain); n > maxPrefixes {
			return nil, errBeyond
		}
	}
	if p.makes == stepEpsIgnored {
		eps = 0
	}
	e := &enumeration{makes: p.makes, f: f, chain: chain, mu: stationary(chain), eps: eps,
		tokens: make([]int, f.SequenceLength()), sum: newSquare(f.SequenceLength())}
	if p.makes == stepRootsUniform {
		e.mu = normalised(ones(len(chain)))
	}
	e.extend(0, 1)
	return e.finish(), nil
}

type enumeration struct {
	makes  *Mistake
	f      graph.Forest
	chain  [][]float64
	mu     []float64
	eps    float64
	tokens []int
	sum    [][]float64 // [i][k]: sum over q of E[c_i(q) 1[s_k=q]]
}

// extend visits every way to fill the positions from i on, given that the ones
// before have probability p.
func (e *enumeration) extend(i int, p float64) {
	if i == e.f.Positions() {
		for q := range e.chain {
			e.tokens[i] = q
			e.add(q, p)
		}
		return
	}
	row := e.mu
	if parent := e.f.Parent(i); parent != graph.Root {
		row = e.chain[e.tokens[parent]]
	}
	for token, v := range row {
		e.tokens[i] = token
		e.extend(i+1, p*v)
	}
}

// add adds one whole sequence, whose last token is q.
func (e *enumeration) add(q int, p float64) {
	counted := e.tokens
	if e.makes == stepLastTokenLost {
		counted = e.tokens[:len(e.tokens)-1]
	}
	frequency := make([]float64, len(e.chain))
	for _, token := range counted {
		frequency[token] += 1 / float64(len(counted))
	}
	for i, own := range e.tokens {
		c := 0.0
		for token, m := range frequency {
			if m == 0 {
				continue // the term counts as 0 (theory/README.md, section 3)
			}
			target := e.chain[q][token]
			if e.makes == stepChainTransposed {
				target = e.chain[token][q]
			}
			excess := -m
			if own == token {
				excess++
			}
			c += target / (m + e.eps) * excess
		}
		for k := range i + 1 {
			if e.tokens[k] == q {
				e.sum[i][k] += p * c
			}
		}
	}
}

func (e *enumeration) finish() [][]float64 {
	n := len(e.tokens)
	g := newSquare(n)
	for i := range n {
		row := e.sum[i][:i+1]
		mean := total(row) / float64(i+1)
		switch {
		case e.makes == stepMeanKept:
			mean = 0
		case e.makes == stepMeanTooShort && i > 0:
			mean = total(row[:i]) / float64(i)
		}
		scale := 1 / float64(len(e.chain)*n*(i+1))
		switch e.makes {
		case stepRowFactorMissing:
			scale *= float64(i + 1)
		case stepFactorMissing:
			scale *= float64(len(e.chain))
		case stepNegated:
			scale = -scale
		}
		for k, v := range row {
			g[i][k] = scale * (v - mean)
		}
	}
	return g
}

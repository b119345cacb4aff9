package plain

import (
	"fmt"

	"causalgrad/theory/graph"
)

// The slips of the first-step gradient.
const (
	StepRowFactorMissing  Slip = "first-step-row-factor-missing"
	StepTokenSkipped      Slip = "first-step-token-skipped"
	StepMeanKept          Slip = "first-step-mean-kept"
	StepMeanTooShort      Slip = "first-step-mean-excludes-self"
	StepFactorMissing     Slip = "first-step-token-factor-missing"
	StepEpsMisplaced      Slip = "first-step-eps-misplaced"
	StepEpsIgnored        Slip = "first-step-eps-ignored"
	StepLastTokenLost     Slip = "first-step-last-token-lost"
	StepLastRowLost       Slip = "first-step-last-row-lost"
	StepFrequencyNotTaken Slip = "first-step-frequency-not-subtracted"
	StepChainTransposed   Slip = "first-step-chain-transposed"
	StepRootsUniform      Slip = "first-step-roots-uniform"
	StepNegated           Slip = "first-step-negated"
	StepTransposed        Slip = "first-step-transposed"
	StepLastFromChain     Slip = "first-step-last-token-from-chain"
	StepFloat32           Slip = "first-step-float32"
)

// MaxPrefixes bounds the S^(T-1) prefixes that FirstStep enumerates.
const MaxPrefixes = 1 << 13

// Enumerable reports whether FirstStep takes the case.
func Enumerable(f graph.Forest, chain [][]float64) bool {
	n := 1
	for range f.Positions() {
		if n *= len(chain); n > MaxPrefixes {
			return false
		}
	}
	return true
}

// FirstStep implements props.FirstStepper for cases that are Enumerable: the
// sum of theory.md section 3 over all prefixes and last tokens, as it stands.
func (s *Subject) FirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
	if !Enumerable(f, chain) {
		return nil, fmt.Errorf("plain: %d tokens at %d positions are more than %d prefixes", len(chain), f.Positions(), MaxPrefixes)
	}
	if s.Slip == StepEpsIgnored {
		eps = 0
	}
	e := &enumeration{slip: s.Slip, f: f, chain: chain, mu: stationary(chain), eps: eps,
		tokens: make([]int, f.SequenceLength()), sum: newSquare(f.SequenceLength())}
	e.extend(0, 1)
	return e.finish(), nil
}

type enumeration struct {
	slip   Slip
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
			weight := p
			if e.slip == StepLastFromChain {
				weight *= e.chain[e.tokens[i-1]][q] * float64(len(e.chain))
			}
			e.add(q, weight)
		}
		return
	}
	law := e.mu
	if e.slip == StepRootsUniform {
		law = normalised(ones(len(e.chain)))
	}
	if parent := e.f.Parent(i); parent != graph.Root {
		law = e.chain[e.tokens[parent]]
	}
	for token, v := range law {
		e.tokens[i] = token
		e.extend(i+1, p*v)
	}
}

// add adds one whole sequence, whose last token is q.
func (e *enumeration) add(q int, p float64) {
	length := len(e.tokens)
	counted := e.tokens
	if e.slip == StepLastTokenLost {
		counted = e.tokens[:length-1]
	}
	frequency := make([]float64, len(e.chain))
	for _, token := range counted {
		frequency[token] += 1 / float64(len(counted))
	}
	for i, own := range e.tokens {
		c := 0.0
		for token, m := range frequency {
			if m == 0 || e.slip == StepTokenSkipped && token == 0 {
				continue // theory.md section 3: the term counts as 0
			}
			target := e.chain[q][token]
			if e.slip == StepChainTransposed {
				target = e.chain[token][q]
			}
			excess := -m
			if e.slip == StepFrequencyNotTaken {
				excess = 0
			}
			if own == token {
				excess++
			}
			if e.slip == StepEpsMisplaced {
				c += (target/m + e.eps) * excess
			} else {
				c += target / (m + e.eps) * excess
			}
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
		case e.slip == StepMeanKept:
			mean = 0
		case e.slip == StepMeanTooShort && i > 0:
			mean = total(row[:i]) / float64(i)
		}
		scale := 1 / float64(len(e.chain)*n*(i+1))
		switch {
		case e.slip == StepRowFactorMissing:
			scale *= float64(i + 1)
		case e.slip == StepFactorMissing:
			scale *= float64(len(e.chain))
		case e.slip == StepNegated, e.slip == StepLastRowLost && i == n-1:
			scale = -scale
		}
		if e.slip == StepLastRowLost && i == n-1 {
			scale = 0
		}
		for k, v := range row {
			if e.slip == StepTransposed {
				g[k][i] = scale * (v - mean)
			} else {
				g[i][k] = scale * (v - mean)
			}
		}
	}
	if e.slip == StepFloat32 {
		for _, row := range g {
			single(row)
		}
	}
	return g
}

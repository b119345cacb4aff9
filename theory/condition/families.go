package condition

import (
	"math"

	"causalgrad/theory/markov"
)

// family is what is known of a parametric prior by construction, not from
// draws. All their entries are positive almost surely, since a Dirichlet row
// has a density on the whole simplex; hence every chain is irreducible and
// aperiodic, has a spectral gap and contracts.
type family struct {
	gamma    float64 // essential infimum of S min pi[a][b]
	gammaWhy string
	norm     float64 // essential infimum of ||B||_F
	normWhy  string

	symmetric    bool
	symmetricWhy string
	diagonal     float64 // E pi[a][a] - 1/S
	successor    float64 // E pi[a][a+1 mod S] - 1/S
	meanWhy      string
}

// traceExcess is E tr(pi) - 1.
func (f family) traceExcess(tokens int) float64 { return float64(tokens) * f.diagonal }

// known returns the family of a prior; ok is false for any other type.
func known(prior markov.Prior) (f family, ok bool) {
	f = family{
		gammaWhy: "a Dirichlet row comes as near to a vertex of the simplex as one likes",
		normWhy:  "rows come as near to each other as one likes, and equal rows have ||B||_F = 0",

		symmetric: true, symmetricWhy: "rows are independent with one exchangeable distribution",
		meanWhy: "every row is exchangeable",
	}
	switch p := prior.(type) {
	case markov.Dirichlet:
		return f, true
	case markov.Floor:
		f.gamma, f.gammaWhy = p.Gamma, "every entry is gamma/S plus a share of a Dirichlet row, which comes as near to 0 as one likes"
		return f, true
	case markov.Sticky:
		f.symmetricWhy = "the held token is relabelled with the row"
		f.diagonal = float64(p.Weight * (1 - 1/float64(p.Size)))
		f.meanWhy = "the mean is weight times the identity and the rest 1/S"
		f.permuted(p.Size, p.Weight)
		return f, true
	case markov.Cyclic:
		f.successor = float64(p.Weight * (1 - 1/float64(p.Size)))
		f.diagonal = -p.Weight / float64(p.Size)
		f.meanWhy = "the mean is weight times the cyclic shift and the rest 1/S"
		if f.symmetric = p.Size == 2; f.symmetric {
			f.symmetricWhy = "the only relabelling of two tokens maps the cycle to itself"
		} else {
			f.symmetricWhy = "exchanging tokens 0 and 1 moves the weight of row 0 from token 1 to another"
		}
		f.permuted(p.Size, p.Weight)
		return f, true
	case markov.NearDeterministic:
		f.normWhy = "all rows may follow one token, and are then as near to each other as one likes"
		return f, true
	case markov.RankOne:
		f.symmetricWhy, f.normWhy = "the one row is exchangeable", "all rows are equal"
		return f, true
	case markov.Reversible:
		f.symmetricWhy, f.meanWhy = "the weights of the pairs are exchangeable", "the weights of one row are exchangeable"
		return f, true
	}
	return family{}, false
}

// permuted sets the infimum of the norm where every row has weight w on the
// image of its token under one permutation P of the S tokens. By the
// arithmetic-geometric mean inequality the inner product of B with P is at
// least S w - 1 (the factors sqrt(mu[a]/mu[P a]) multiply to 1 and
// sum sqrt(mu[a] mu[P a]) <= 1); P centred on both sides has Frobenius norm at
// most sqrt(S-1); so ||B||_F >= (S w - 1)/sqrt(S-1), attained in the limit by
// the mixture of P and the uniform matrix that has w there. For S w <= 1 the
// uniform matrix itself is a limit.
func (f *family) permuted(tokens int, w float64) {
	if excess := float64(float64(tokens)*w) - 1; excess > 0 {
		f.norm = excess / math.Sqrt(float64(tokens-1))
		f.normWhy = "||B||_F >= (S weight - 1)/sqrt(S-1), by its inner product with the permutation that the rows follow"
	}
}

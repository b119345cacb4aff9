package gen

import (
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

// Chain is a chain and the kind it was drawn as.
type Chain struct {
	*markov.Chain
	Kind string
}

// kind draws rows of weights, which are then normalised.
type kind struct {
	name    string
	weights func(t *rapid.T, s int) [][]float64
}

// The kinds. All are irreducible; "with zeros" may be periodic.
var kinds = []kind{
	{"small integers", smallIntegers},
	{"with zeros", func(t *rapid.T, s int) [][]float64 {
		return matrix(s, func(a, b int) float64 {
			w := integer(t, 0, 3)
			if b == (a+1)%s { // a cycle through all tokens: irreducible
				w++
			}
			return w
		})
	}},
	{"rank one", func(t *rapid.T, s int) [][]float64 {
		row := make([]float64, s)
		for b := range row {
			row[b] = integer(t, 1, 9)
		}
		return matrix(s, func(_, b int) float64 { return row[b] })
	}},
	{"sticky", func(t *rapid.T, s int) [][]float64 {
		stay := float64(s) * rapid.SampledFrom([]float64{9, 99, 999}).Draw(t, "stay")
		return matrix(s, func(a, b int) float64 { return integer(t, 1, 3) + stay*indicator(a == b) })
	}},
	{"nearly periodic", func(t *rapid.T, s int) [][]float64 {
		move := float64(s) * rapid.SampledFrom([]float64{9, 99, 999}).Draw(t, "move")
		return matrix(s, func(a, b int) float64 { return integer(t, 1, 3) + move*indicator(b == (a+1)%s) })
	}},
	{"near deterministic", func(t *rapid.T, s int) [][]float64 {
		next := make([]int, s)
		for a := range next {
			next[a] = rapid.IntRange(0, s-1).Draw(t, "next")
		}
		weight := float64(s) * rapid.SampledFrom([]float64{9, 99, 999}).Draw(t, "weight")
		return matrix(s, func(a, b int) float64 { return 1 + weight*indicator(b == next[a]) })
	}},
	// The last token is left and reached with a small probability only.
	{"nearly reducible", func(t *rapid.T, s int) [][]float64 {
		leak := rapid.SampledFrom([]float64{1e-1, 1e-2, 1e-3}).Draw(t, "leak")
		return matrix(s, func(a, b int) float64 {
			w := integer(t, 1, 5)
			if (a == s-1) != (b == s-1) {
				w *= leak
			}
			return w
		})
	}},
	// A random walk on a weighted graph: symmetric weights.
	{"reversible", func(t *rapid.T, s int) [][]float64 {
		rows := matrix(s, func(int, int) float64 { return integer(t, 1, 9) })
		for a := range rows {
			for b := range a {
				rows[a][b] = rows[b][a]
			}
		}
		return rows
	}},
	// A mixture of permutations, the shifts by 0, 1, ...: constant columns too.
	{"doubly stochastic", func(t *rapid.T, s int) [][]float64 {
		order := rapid.Permutation(count(s)).Draw(t, "order")
		shift := make([]float64, s)
		for d := range shift {
			shift[d] = integer(t, 1, 9)
		}
		return matrix(s, func(a, b int) float64 { return shift[(order[a]+b)%s] })
	}},
	{"dirichlet 0.1", dirichlet(0.1)},
	{"dirichlet 0.3", dirichlet(0.3)},
	{"dirichlet 1", dirichlet(1)},
	{"dirichlet 3", dirichlet(3)},
}

// smallIntegers is the simplest kind's matrix, what all others shrink to.
func smallIntegers(t *rapid.T, s int) [][]float64 {
	return matrix(s, func(int, int) float64 { return integer(t, 1, 9) })
}

// dirichlet draws independent rows and keeps every entry at 1e-6 or more of a
// row: below that the exact values of the laws lose all their digits. It draws
// small integers first, which it does not use: a failure that does not need
// Dirichlet rows finds them there when it shrinks.
func dirichlet(alpha float64) func(t *rapid.T, s int) [][]float64 {
	return func(t *rapid.T, s int) [][]float64 {
		smallIntegers(t, s)
		source := stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "chain seed"), Purpose: stream.Law})
		rows := matrix(s, func(int, int) float64 { return 0 })
		for _, row := range rows {
			source.Dirichlet(alpha, row)
			for b := range row {
				row[b] = max(row[b], 1e-6)
			}
		}
		return rows
	}
}

// Kinds lists the kinds of Chains.
func Kinds() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return names
}

// Chains draws irreducible chains over least to most tokens.
func Chains(least, most int) *rapid.Generator[Chain] {
	return rapid.Custom(func(t *rapid.T) Chain {
		k := kinds[rapid.IntRange(0, len(kinds)-1).Draw(t, "kind")]
		return k.draw(t, rapid.IntRange(least, most).Draw(t, "tokens"))
	})
}

// ChainsOf draws chains of one kind, a name of Kinds.
func ChainsOf(name string, least, most int) *rapid.Generator[Chain] {
	for _, k := range kinds {
		if k.name == name {
			return rapid.Custom(func(t *rapid.T) Chain {
				return k.draw(t, rapid.IntRange(least, most).Draw(t, "tokens"))
			})
		}
	}
	panic("gen: no kind of chain is called " + name)
}

func (k kind) draw(t *rapid.T, s int) Chain {
	c, err := markov.NewChain(Normalised(k.weights(t, s)))
	if err != nil {
		panic(err) // every kind is irreducible
	}
	return Chain{c, k.name}
}

// Normalised divides each row of weights by its sum, in place.
func Normalised(rows [][]float64) [][]float64 {
	for _, row := range rows {
		sum := 0.0
		for _, w := range row {
			sum += w
		}
		for b := range row {
			row[b] /= sum
		}
	}
	return rows
}

// matrix asks for the entries of a leading n x n block before any others, so
// that a matrix shrinks to one over fewer tokens with the same entries.
func matrix(s int, entry func(a, b int) float64) [][]float64 {
	rows := make([][]float64, s)
	for n := range rows {
		rows[n] = make([]float64, s)
		for a := range n {
			rows[a][n] = entry(a, n)
			rows[n][a] = entry(n, a)
		}
		rows[n][n] = entry(n, n)
	}
	return rows
}

func integer(t *rapid.T, low, high int) float64 {
	return float64(rapid.IntRange(low, high).Draw(t, "weight"))
}

func indicator(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func count(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// RareMoves draws rows of chains that leave a token with rates down to 1e-12:
// exact decimals off the diagonal, at least one in every cyclic step.
func RareMoves(least, most int) *rapid.Generator[[][]float64] {
	return rapid.Custom(func(t *rapid.T) [][]float64 {
		s := rapid.IntRange(least, most).Draw(t, "tokens")
		rows := matrix(s, func(a, b int) float64 {
			if a == b {
				return 0
			}
			rate := rapid.SampledFrom([]float64{1e-1, 1e-3, 1e-6, 1e-9, 1e-12}).Draw(t, "rate")
			if b != (a+1)%s && rapid.Bool().Draw(t, "never") {
				return 0
			}
			return rate
		})
		for a, row := range rows {
			row[a] = 1
			for b, rate := range row {
				if b != a {
					row[a] -= rate
				}
			}
		}
		return rows
	})
}

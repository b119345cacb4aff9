package theorylaws

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/props/oracle"
	"causalgrad/theory/condition"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

func priorLaws() []props.Law {
	source := "theory.md section 1"
	return []props.Law{
		{ID: "prior-draws", Source: source, Needs: reading, Check: priorDraws,
			Sentence: "Every chain that a parametric prior draws has the shape that its name says: held, moved or followed tokens, equal rows, detailed balance, bounded entries."},
		{ID: "prior-means", Source: source, Needs: reading, Draws: 10, Check: priorMeans, FalseAlarm: props.SampleAlarm,
			Sentence: "The mean of a parametric prior's chains is the stated one."},
		{ID: "orbit-definition", Source: source, Needs: reading, Draws: 30, Check: orbitDefinition,
			Sentence: "An orbit has (S!)^2 chains, its base with rows and columns in every order, and its mean is 1/S."},
		{ID: "orbit-seed", Source: source, Needs: reading, Draws: 30, Check: orbitSeed,
			Sentence: "An orbit's seed decides its base chain, and another seed gives another; more than five tokens and reducible copies are refused."},
		{ID: "prior-finite-draws", Source: source, Needs: reading, Draws: 10, Check: priorFiniteDraws, FalseAlarm: props.SampleAlarm,
			Sentence: "A finite prior draws each of its chains equally often."},
		{ID: "prior-reducible", Source: source, Needs: reading, Draws: 20, Check: priorReducible,
			Sentence: "A drawn chain that is reducible is refused in one line that names the prior."},
	}
}

// parsedFamily draws a parametric prior and asks for it by its text.
func parsedFamily(t *rapid.T, s props.Subject, tokens int) (meant, got markov.Prior, c props.Case) {
	meant = drawFamily(t, tokens)
	c = priorCase(meant.String(), tokens)
	return meant, props.Ask(t, c, "prior", parsePrior(s, meant.String(), tokens)), c
}

func priorDraws(t *rapid.T, s props.Subject) {
	size := rapid.IntRange(2, 4).Draw(t, "tokens")
	meant, prior, c := parsedFamily(t, s, size)
	key := drawKey(t)
	got := props.Ask(t, c, "drawn chain", func() (*markov.Chain, error) { return notationOf(s).DrawChain(prior, key) })
	c = c.Where("the draw of %+v: %v", key, got.Rows())
	aChain(t, c, s, got)
	slack := 2 * s.Roundoff()
	for a := range size {
		switch p := meant.(type) {
		case markov.Floor:
			props.AtLeast(t, c, "smallest entry", slices.Min(got.Row(a)), p.Gamma/float64(size), slack)
		case markov.Sticky:
			props.AtLeast(t, c, "holding probability", got.P(a, a), p.Weight, slack)
		case markov.Cyclic:
			props.AtLeast(t, c, "probability of the next token", got.P(a, (a+1)%size), p.Weight, slack)
		case markov.NearDeterministic:
			props.AtLeast(t, c, "largest entry", slices.Max(got.Row(a)), p.Weight, slack)
		case markov.RankOne:
			props.Equal(t, c, "row", props.BitsOf(got.Row(a)), props.BitsOf(got.Row(0)))
		case markov.Reversible:
			mu := got.Stationary()
			for b := range a {
				// The law is right to a few roundings in each component.
				props.Within(t, c, props.At("flow", a, b), mu[a]*got.P(a, b), mu[b]*got.P(b, a), 64*s.Roundoff())
			}
		}
	}
	again := props.Ask(t, c, "drawn chain", func() (*markov.Chain, error) { return notationOf(s).DrawChain(prior, key) })
	sameChain(t, c, "draw of the same key", again, got)
	if rows, ok := prior.(markov.RowPrior); ok { // a row of its own has the law of the chain's first
		row, whole := make([]float64, size), make([]float64, size*size)
		rows.DrawRow(stream.New(key), row)
		prior.Draw(stream.New(key), whole)
		props.Equal(t, c, "first row alone", props.BitsOf(row), props.BitsOf(whole[:size]))
	}
}

// priorMeans compares entries with Hoeffding's allowance; see meansOfFamily.
func priorMeans(t *rapid.T, s props.Subject) {
	size := rapid.IntRange(2, 4).Draw(t, "tokens")
	meant, prior, c := parsedFamily(t, s, size)
	weight, target := 0.0, 0
	switch p := meant.(type) {
	case markov.Sticky:
		weight = p.Weight
	case markov.Cyclic:
		weight, target = p.Weight, 1
	}
	source, p, mean := stream.New(drawKey(t)), make([]float64, size*size), make([]float64, size*size)
	for range familyDraws {
		prior.Draw(source, p)
		for i, v := range p {
			mean[i] += v / familyDraws
		}
	}
	allowance := math.Sqrt(math.Log(2*float64(size*size)/props.SampleAlarm) / (2 * familyDraws))
	for a := range size {
		for b := range size {
			want := (1-weight)/float64(size) + weight*oracle.Indicator(b == (a+target)%size)
			props.Within(t, c, props.At("mean", a, b), mean[a*size+b], want, allowance)
		}
	}
}

func orbitDefinition(t *rapid.T, s props.Subject) {
	base := gen.Chains(2, 3).Filter(func(c gen.Chain) bool { return smallestEntry(c.Chain) > 0 }).Draw(t, "base").Chain
	c := props.Case{Chain: base.Rows()}.Where("its orbit")
	orbit := props.Ask(t, c, "orbit", func() (*markov.Orbit, error) { return notationOf(s).NewOrbit(base, "base") })
	size := base.Tokens()
	orders := condition.Orders(size)
	props.Demand(t, c, orbit.Tokens() == size && len(orbit.Support()) == len(orders)*len(orders), "support",
		fmt.Sprintf("%d chains", len(orders)*len(orders)), strconv.Itoa(len(orbit.Support())))
	mean := make([]float64, size*size)
	for _, chain := range orbit.Support() {
		aChain(t, c, s, chain)
		for i, v := range chain.Flat() {
			mean[i] += v / float64(len(orbit.Support()))
		}
	}
	props.WithinAll(t, c, "mean", mean, slices.Repeat([]float64{1 / float64(size)}, size*size), 64*s.Roundoff()) // sums of at most 36 numbers
	// Each order of rows and columns is there as often as it makes that matrix.
	for _, rows := range orders {
		for _, columns := range orders {
			want, made, listed := base.Rows(), 0, 0
			for a := range size {
				for b := range size {
					want[rows[a]][columns[b]] = base.P(a, b)
				}
			}
			for _, chain := range orbit.Support() {
				listed += int(oracle.Indicator(nearly(chain, want)))
			}
			for _, r := range orders {
				for _, k := range orders {
					same := true
					for a := range size {
						for b := range size {
							same = same && math.Abs(want[r[a]][k[b]]-base.P(a, b)) < 1e-12
						}
					}
					made += int(oracle.Indicator(same))
				}
			}
			props.Demand(t, c, listed == made, fmt.Sprintf("copies with rows %v and columns %v", rows, columns), strconv.Itoa(made), strconv.Itoa(listed))
		}
	}
	drawn := make([]float64, size*size)
	orbit.Draw(stream.New(drawKey(t)), drawn)
	among(t, c, drawn, orbit.Support())
}

// nearly tells whether a chain has these entries up to the rounding of a row
// summed in another order.
func nearly(c *markov.Chain, rows [][]float64) bool {
	for a, row := range rows {
		for b, v := range row {
			if math.Abs(c.P(a, b)-v) > 1e-12 {
				return false
			}
		}
	}
	return true
}

func orbitSeed(t *rapid.T, s props.Subject) {
	size, seed := rapid.IntRange(2, 3).Draw(t, "tokens"), rapid.Uint64().Draw(t, "seed")
	text := func(seed uint64) string { return fmt.Sprintf("orbit:1,%d", seed) }
	c := priorCase(text(seed), size)
	base := func(seed uint64) *markov.Chain {
		return props.Ask(t, c, "orbit", parsePrior(s, text(seed), size)).(markov.Finite).Support()[0]
	}
	sameChain(t, c, "orbit once more", base(seed), base(seed))
	props.Demand(t, c, distanceOf(base(seed), base(seed+1)) > 0, "orbit of the next seed", "another chain", "the same")
	large := rapid.IntRange(markov.MaxOrbitTokens+1, 9).Draw(t, "larger")
	props.Refuses(t, c, "large orbit", func() (*markov.Orbit, error) {
		return notationOf(s).NewOrbit(props.ChainOf(uniformRows(large)), "base")
	}, strconv.Itoa(large))
	cycle := props.ChainOf([][]float64{{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}) // in another order the tokens stay where they are
	props.Refuses(t, c, "orbit of a cycle", func() (*markov.Orbit, error) { return notationOf(s).NewOrbit(cycle, "cycle") }, "reducible")
}

func uniformRows(size int) [][]float64 {
	rows := make([][]float64, size)
	for a := range rows {
		rows[a] = slices.Repeat([]float64{1 / float64(size)}, size)
	}
	return rows
}

func priorFiniteDraws(t *rapid.T, s props.Subject) {
	chains := []*markov.Chain{}
	for n := range rapid.IntRange(2, 5).Draw(t, "chains") {
		p := float64(n+1) / 16
		chains = append(chains, props.ChainOf([][]float64{{p, 1 - p}, {1 - p, p}}))
	}
	counts := make([]int, len(chains))
	prior := markov.Prior(listed(chains))
	c := props.Case{}.Where("the prior of %d chains", len(chains))
	const n = 2000
	key := drawKey(t)
	for range n {
		key.Step++
		drawn := props.Ask(t, c, "drawn chain", func() (*markov.Chain, error) { return notationOf(s).DrawChain(prior, key) })
		at := slices.IndexFunc(chains, func(k *markov.Chain) bool { return k.P(0, 0) == drawn.P(0, 0) })
		props.Demand(t, c, at >= 0, "draw", "one of the chains", "another")
		counts[at]++
	}
	props.Counted(t, c, func(cell int) string { return fmt.Sprintf("draws of chain %d", cell) }, counts, n, slices.Repeat([]float64{1 / float64(len(chains))}, len(chains)), props.SampleAlarm)
}

func priorReducible(t *rapid.T, s props.Subject) {
	_, prior, c := parsedFamily(t, s, rapid.IntRange(2, 4).Draw(t, "tokens"))
	key := drawKey(t)
	props.Refuses(t, c.Where("with chains that never leave a token"), "drawn chain",
		func() (*markov.Chain, error) { return notationOf(s).DrawChain(reducible{prior}, key) }, prior.String(), "reducible")
}

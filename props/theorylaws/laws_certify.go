package theorylaws

import (
	"fmt"
	"math/big"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/props/oracle"
	"causalgrad/theory/certify"
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

// certifyLaws are exact: the corners of a region's parts are dyadic numbers,
// at which the definition of the signal is evaluated in rational arithmetic.
func certifyLaws() []props.Law {
	needs := []props.Capability{CanCertify}
	return []props.Law{
		{ID: "certified-chains", Source: "theory.md section 3, facts 2 to 6", Needs: needs, Draws: 30, Check: certifiedChains,
			Sentence: "At any chain of a part that is certified the parent's exact signal is ahead of every competitor's, of a refuted one it is not."},
		{ID: "certified-orbits", Source: "theorems.md A4", Needs: needs, Draws: 12, Check: certifiedOrbits,
			Sentence: "So it is for the mean signal over a chain's orbit."},
		{ID: "certified-directly", Source: "theory.md section 3, facts 2 to 6", Needs: needs, Draws: 3, Check: certifiedDirectly,
			Sentence: "So it is for three tokens when only the margin itself is enclosed."},
		{ID: "certified-self", Source: "theory.md section 3, fact 2", Needs: needs, Draws: 3, Check: certifiedSelf,
			Sentence: "So it is for three tokens with the child itself among the competitors, where decisions need many cells."},
		{ID: "certified-equal-rows", Source: "theory.md section 3, fact 1", Needs: needs, Draws: 20, Check: certifiedEqualRows,
			Sentence: "A part with a chain of equal rows, where all signals are 0, is never certified."},
		{ID: "certified-cycle", Source: "theory.md section 3, fact 5", Needs: needs, Draws: 10, Check: certifiedCycle,
			Sentence: "Nor is one with the cycle of the tokens, on which a far ancestor's signal ties with the parent's."},
		{ID: "certified-partition", Source: "theory.md section 4", Needs: needs, Draws: 20, Check: certifiedPartition,
			Sentence: "The parts fill the set of all chains once, up to a renaming of three tokens, and each verdict's share is the volume of its parts."},
		{ID: "certified-map", Source: "theory.md section 4", Needs: needs, Draws: 20, Check: certifiedMap,
			Sentence: "For two tokens the rectangles of the map are the parts, and their areas the shares."},
		{ID: "certified-refinement", Source: "theory.md section 4", Needs: needs, Draws: 12, Check: certifiedRefinement,
			Sentence: "More cells, or smaller ones, decide more and revoke nothing, within the budget; the same question has the same answer."},
		{ID: "certified-line", Source: "theory.md section 3, fact 2", Needs: needs, Draws: 15, Check: certifiedLine,
			Sentence: "For two tokens nothing stays undecided but the smallest squares that meet the line of equal rows, or a corner where the chain is reducible or periodic."},
		{ID: "certified-mirror", Source: "theory.md section 3, fact 8", Needs: needs, Draws: 10, Check: certifiedMirror,
			Sentence: "Renaming two tokens mirrors the map at the diagonal; over orbits, exchanging the rows mirrors it at the centre."},
		{ID: "certified-directly-less", Source: "theory.md section 4", Needs: needs, Draws: 6, Check: certifiedDirectlyLess,
			Sentence: "For two tokens the direct enclosure decides no more than the closed form, and nothing otherwise."},
		{ID: "certified-competitors", Source: "theory.md section 3, fact 5", Needs: needs, Draws: 15, Check: certifiedCompetitors,
			Sentence: "A further competitor, the child itself or those of a further position, takes from the certified share and adds to none but the refuted."},
		{ID: "certified-refusals", Source: "theory.md section 4", Needs: needs, Draws: 25, Check: certifiedRefusals,
			Sentence: "A question out of bounds is refused with an error that names what and its value."},
	}
}

// region is a question, its answer and where the law asked it.
type region struct {
	props.Case
	certify.Region
	m     certify.Map
	parts []certify.Part
}

func regionCase(r certify.Region) props.Case {
	return props.Case{Graph: r.Forest.String()}.With("--tokens %d", r.Tokens).Where("self %v, orbit %v, direct %v, width %v, %d cells",
		r.Self, r.Orbit, r.Direct, r.MinWidth, r.MaxCells)
}

func askRegion(t *rapid.T, s props.Subject, r certify.Region) region {
	x := region{Case: regionCase(r), Region: r}
	x.parts = props.Ask(t, x.Case, "map", func() (parts []certify.Part, err error) {
		x.m, parts, err = s.(Certifier).Certify(r)
		return parts, err
	})
	props.Demand(t, x.Case, len(x.parts) > 0, "parts", "at least one", "none")
	return x
}

// drawRegion draws a question about two or three tokens. Where cells are dear,
// few are asked for.
func drawRegion(t *rapid.T) certify.Region {
	r := certify.Region{Forest: drawCompeting(t, 3, 6), Tokens: rapid.IntRange(2, 3).Draw(t, "tokens"),
		Self: rapid.Bool().Draw(t, "self"), Direct: rapid.Bool().Draw(t, "direct")}
	if r.Forest.Positions() == 2 {
		r.Self = true // else nothing competes
	}
	r.MinWidth = 1 / float64(int(1)<<rapid.IntRange(1, 8).Draw(t, "width"))
	most := 1000
	if r.Direct {
		most = 100
	}
	r.MaxCells = rapid.IntRange(1, most).Draw(t, "cells")
	return r
}

// drawCompeting draws a forest of sequence length least to most in which a child
// comes after two positions, unless there are only two.
func drawCompeting(t *rapid.T, least, most int) graph.Forest {
	return gen.Connected(least, most).Filter(func(f gen.Forest) bool {
		return f.Positions() == 2 || len(f.Edges()) > 1 || f.Parents()[1] == graph.Root
	}).Draw(t, "forest").Forest
}

// drawPart draws one of the parts with a verdict; ok is false without any.
func (x region) drawPart(t *rapid.T, verdict certify.Verdict) (part certify.Part, ok bool) {
	var all []certify.Part
	for _, p := range x.parts {
		if p.Verdict == verdict {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return part, false
	}
	return all[rapid.Uint32().Draw(t, "part")%uint32(len(all))], true
}

// drawChainIn draws a chain of a part: each row is a mean of the corners with
// small integer weights, often a corner itself, where enclosures are tight.
func drawChainIn(t *rapid.T, part certify.Part) oracle.Ratios {
	pi := make(oracle.Ratios, len(part.Rows))
	for a, corners := range part.Rows {
		weights, total := make([]int64, len(corners)), int64(0)
		for v := range weights {
			weights[v] = int64(max(rapid.IntRange(-4, 4).Draw(t, "weight"), 0))
			total += weights[v]
		}
		if total == 0 {
			weights[0], total = 1, 1
		}
		for b := range part.Rows {
			entry := new(big.Rat)
			for v, corner := range corners {
				entry.Add(entry, new(big.Rat).Mul(oracle.Rational(corner[b]), big.NewRat(weights[v], total)))
			}
			pi[a] = append(pi[a], entry)
		}
	}
	return pi
}

// judge demands of chains in so many certified and so many refuted parts what
// the verdict says.
func (x region) judge(t *rapid.T, points int, prior func(oracle.Ratios) []oracle.Ratios) {
	for n := range 2 * points {
		verdict := [...]certify.Verdict{certify.Holds, certify.Fails}[n%2]
		part, ok := x.drawPart(t, verdict)
		if !ok {
			continue
		}
		pi := drawChainIn(t, part)
		margin, ok := oracle.ExactMargin(x.Forest, prior(pi), x.Self)
		if !ok {
			continue // a reducible corner, of which nothing is claimed
		}
		right := (margin.Sign() > 0) == (verdict == certify.Holds)
		props.Demand(t, x.Where("chain %s", pi), right, "verdict", "what the margin "+margin.RatString()+" says", string(verdict))
	}
}

func alone(pi oracle.Ratios) []oracle.Ratios { return []oracle.Ratios{pi} }

func certifiedChains(t *rapid.T, s props.Subject) {
	r := drawRegion(t)
	if r.Tokens == 3 && !r.Direct {
		r.MaxCells, r.MinWidth = 3*r.MaxCells, 0x1p-8 // the first decisions come late
	}
	r.MinWidth, r.MaxCells = min(r.MinWidth, 1./8), r.MaxCells+50
	askRegion(t, s, r).judge(t, 3, alone)
}

func certifiedOrbits(t *rapid.T, s props.Subject) {
	r := drawRegion(t)
	r.Orbit, r.Direct = true, r.Direct && r.Tokens == 2
	r.MinWidth = min(r.MinWidth, 1./8)
	r.MaxCells += 50
	askRegion(t, s, r).judge(t, 2, oracle.ExactOrbit)
}

// certifiedDirectly asks about two independent sequences, where the margin is
// least in need of small cells.
func certifiedDirectly(t *rapid.T, s props.Subject) {
	f, err := graph.ICL(rapid.IntRange(5, 6).Draw(t, "length"))
	props.Demand(t, props.Case{Graph: "icl"}, err == nil, "forest", "one", fmt.Sprint(err))
	r := certify.Region{Forest: f, Tokens: 3, Self: rapid.Bool().Draw(t, "self"), Direct: true, MinWidth: 0x1p-8, MaxCells: rapid.IntRange(1200, 2000).Draw(t, "cells")}
	askRegion(t, s, r).judge(t, 3, alone)
}

// certifiedSelf: the first parts are decided after some two thousand cells.
func certifiedSelf(t *rapid.T, s props.Subject) {
	f, err := graph.Chain(rapid.IntRange(3, 4).Draw(t, "length"))
	props.Demand(t, props.Case{Graph: "chain"}, err == nil, "forest", "one", fmt.Sprint(err))
	r := certify.Region{Forest: f, Tokens: 3, Self: true, MinWidth: 0x1p-8, MaxCells: rapid.IntRange(3000, 4000).Draw(t, "cells")}
	askRegion(t, s, r).judge(t, 20, alone)
}

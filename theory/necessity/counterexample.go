package necessity

import (
	"fmt"
	"math/big"
	"strings"
)

// Counterexample is a proved failure. Positions are 0-based; entries are those
// of the first-step gradient at eps = 0, averaged over the prior.
type Counterexample struct {
	Forest string `json:"forest"` // in the command's grammar
	Length int    `json:"length"`
	Tokens int    `json:"tokens"`
	// Prior says how the chain becomes a prior; Chain is the JSON nested list that
	// the command reads from a file, Ratios the same chain exactly.
	Construction Construction `json:"construction"`
	Prior        string       `json:"prior"`
	Chain        string       `json:"chain"`
	Ratios       string       `json:"ratios"`
	// Roots is the distribution of the roots' tokens as ratios, where it is not the
	// stationary one: the same for every chain of the prior.
	Roots string `json:"roots,omitempty"`

	Child      int `json:"child"`
	Parent     int `json:"parent"`
	Competitor int `json:"competitor"` // the child itself where equal to Child
	// ParentEntry and CompetitorEntry are exact ratios; Margin is their
	// difference, at most 0, rounded once, and Tie tells that it is exactly 0.
	ParentEntry     string  `json:"parent_entry"`
	CompetitorEntry string  `json:"competitor_entry"`
	Margin          float64 `json:"margin"`
	Tie             bool    `json:"tie"`
}

func newCounterexample(c candidate, rows [][]*big.Rat, p proof) Counterexample {
	margin, _ := p.margin.Float64()
	prior := c.construction.text()
	if c.roots != nil {
		prior += ", roots distributed as " + c.roots.String()
	}
	return Counterexample{
		Forest: c.forest.String(), Length: c.forest.SequenceLength(), Tokens: len(rows),
		Construction: c.construction, Prior: prior, Chain: text(c.rows), Ratios: ratioText(rows), Roots: c.roots.String(),
		Child: p.child, Parent: p.parent, Competitor: p.competitor,
		ParentEntry: p.parentEntry.RatString(), CompetitorEntry: p.rival.RatString(),
		Margin: margin, Tie: p.margin.Sign() == 0,
	}
}

// ratioText is a chain as [[2/3,1/3],[1/3,2/3]].
func ratioText(rows [][]*big.Rat) string {
	var lines []string
	for _, row := range rows {
		var words []string
		for _, v := range row {
			words = append(words, v.RatString())
		}
		lines = append(lines, "["+strings.Join(words, ",")+"]")
	}
	return "[" + strings.Join(lines, ",") + "]"
}

// Verify repeats the proof from the text of a counterexample alone, and tells
// in an error what does not agree.
func (c Counterexample) Verify() error {
	candidate, rows, err := c.parse()
	if err != nil {
		return err
	}
	p, err := prove(candidate.forest, candidate.construction, rows, candidate.roots.rationals())
	if err != nil {
		return err
	}
	if p.margin.Sign() > 0 {
		return fmt.Errorf("counterexample: child %d: the parent's entry exceeds position %d's by %s: not a failure", p.child, p.competitor, p.margin.RatString())
	}
	if again := newCounterexample(candidate, rows, p); again != c {
		return fmt.Errorf("counterexample: child %d, position %d, entries %s and %s: the proof gives child %d, position %d, entries %s and %s",
			c.Child, c.Competitor, c.ParentEntry, c.CompetitorEntry, again.Child, again.Competitor, again.ParentEntry, again.CompetitorEntry)
	}
	return nil
}

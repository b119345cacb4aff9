package report

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/reports/claim"
	"causalgrad/reports/page"
	"causalgrad/theory/verdict"
)

// shownRecords is how many records a claim lists by name; of more it counts the
// others.
const shownRecords = 3

// provenance says what a claim's verdict was derived from: the parts that were
// computed, and the records that were read, with the beginning of the hash of their
// trained weights.
func (g Gathered) provenance(c claim.Judged) ([]page.Fact, error) {
	if c.Verdict == verdict.NotRun {
		return nil, nil
	}
	var facts []page.Fact
	var computed []string
	for _, id := range c.Tables {
		if name, ok := g.from[id]; ok && name != recordsPart && !slices.Contains(computed, name) {
			computed = append(computed, name)
		}
	}
	if len(computed) > 0 {
		facts = append(facts, page.Fact{Name: "computed", Value: fmt.Sprintf("%s; seed %d", strings.Join(computed, ", "), g.Plan.Seed)})
	}
	var names []string
	for i, r := range c.Records {
		if i == shownRecords && len(c.Records) > shownRecords+1 {
			names = append(names, fmt.Sprintf("and %d more", len(c.Records)-i))
			break
		}
		name, err := Run{Record: r}.name()
		if err != nil {
			return nil, err
		}
		names = append(names, fmt.Sprintf("%s (weights %.12s)", name, r.WeightsHash))
	}
	if len(names) > 0 {
		facts = append(facts, page.Fact{Name: "records", Value: strings.Join(names, ", ")})
	}
	return facts, nil
}

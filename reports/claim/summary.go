package claim

import (
	"fmt"
	"strings"

	"causalgrad/reports/words"
	"causalgrad/theory/verdict"
)

// why says in a few words what an open verdict is waiting for; "" for others.
func (j Judged) why() string {
	switch {
	case j.Verdict != verdict.Partly && j.Verdict != verdict.Undecided:
		return ""
	case j.Why != "":
		return j.Why
	case j.Verdict == verdict.Partly:
		return "less than the claim asks for"
	}
	return "not settled"
}

// Line is the claim's few words, with why it is open where it is.
func (j Judged) Line() string {
	switch why := j.why(); {
	case j.Verdict == verdict.NotRun:
		return "no evidence was gathered"
	case j.Short == "":
		return why
	case why != "":
		return j.Short + " (" + why + ")"
	}
	return j.Short
}

// Summary is the ledger for a terminal, a line a claim by group, without those that were
// not run, which Counts counts. paint may colour a verdict's word; nil does not.
func Summary(all []Judged, paint func(verdict.Verdict, string) string) string {
	if paint == nil {
		paint = func(_ verdict.Verdict, s string) string { return s }
	}
	width := 0
	for _, j := range all {
		width = max(width, len(j.ID))
	}
	var b strings.Builder
	for _, group := range Groups() {
		named := false
		for _, j := range all {
			if j.Group == group && j.Verdict != verdict.NotRun {
				if !named {
					fmt.Fprintf(&b, "%s\n", strings.ToUpper(string(group[:1]))+string(group[1:]))
					named = true
				}
				line := fmt.Sprintf("  %s  %-*s  %s", paint(j.Verdict, fmt.Sprintf("%-9s", j.Verdict)), width, j.ID, j.Line())
				b.WriteString(strings.TrimRight(line, " ") + "\n")
			}
		}
	}
	return b.String()
}

// Counts says how many claims have each verdict.
func Counts(all []Judged) string {
	var parts []string
	for _, v := range []struct {
		verdict   verdict.Verdict
		one, many string
	}{{verdict.Holds, "holds", "hold"}, {verdict.Partly, "holds partly", "hold partly"}, {verdict.Undecided, "is undecided", "are undecided"},
		{verdict.Fails, "fails", "fail"}, {verdict.NotRun, "was not run", "were not run"}} {
		n := 0
		for _, j := range all {
			if j.Verdict == v.verdict {
				n++
			}
		}
		switch {
		case n == 1:
			parts = append(parts, "1 "+v.one)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", n, v.many))
		}
	}
	return fmt.Sprintf("Of %s %s", words.Counted(len(all), "claim"), strings.Join(parts, ", "))
}

// Findings are at most three sentences about what was found: that the first step finds
// the graph, that training does, and what carries it. One of which nothing was run is
// left out.
func Findings(all []Judged) []string {
	say := func(id string) string {
		for _, j := range all {
			if j.ID == id && j.Verdict != verdict.NotRun {
				return fmt.Sprintf("%s (%s)", j.Verdict, j.Line())
			}
		}
		return string(verdict.NotRun)
	}
	var found []string
	add := func(format, one, two string) {
		if none := string(verdict.NotRun); one != none || two != none {
			found = append(found, fmt.Sprintf(format, one, two))
		}
	}
	add("One gradient step finds the graph: for every chain no earlier position beats the parent: %s; with the position itself competing, averaged over a chain's orbit: %s.", say("data-processing"), say("edge-recovery"))
	add("Training finds it too: what the paper's figures show: %s; Algorithm 1's loss falls to the optimum as sequences grow: %s.", figures(all), say("theorem-1"))
	add("What carries it is the prior's constant mean: %s; the lower bound on the transitions is not needed: %s.", say("constant-mean"), say("sufficient-not-necessary"))
	return found
}

// figures says of how many of the paper's figures that were run the claim holds.
func figures(all []Judged) string {
	run, good := 0, 0
	for _, j := range all {
		if strings.HasPrefix(j.ID, "figure-") && j.Verdict != verdict.NotRun {
			run++
			if j.Verdict == verdict.Holds || j.Verdict == verdict.Partly {
				good++
			}
		}
	}
	if run == 0 {
		return string(verdict.NotRun)
	}
	return fmt.Sprintf("holds, at least partly, in %d of %d", good, run)
}

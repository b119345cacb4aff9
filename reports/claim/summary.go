package claim

import (
	"fmt"
	"strings"

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

// Summary is the ledger for a terminal, a line a claim by group, and at the end how
// many there are of each verdict. paint may colour a verdict's word; nil does not.
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
		fmt.Fprintf(&b, "%s\n", strings.ToUpper(string(group[:1]))+string(group[1:]))
		for _, j := range all {
			if j.Group == group {
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
		verdict verdict.Verdict
		verb    string
	}{{verdict.Holds, "hold"}, {verdict.Partly, "hold partly"}, {verdict.Undecided, "are undecided"}, {verdict.Fails, "fail"}, {verdict.NotRun, "were not run"}} {
		n := 0
		for _, j := range all {
			if j.Verdict == v.verdict {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v.verb))
		}
	}
	return fmt.Sprintf("Of %s %s", plural(len(all), "claim"), strings.Join(parts, ", "))
}

// Findings are three sentences about what was found: that the first step finds the
// graph, that training does, and what carries it.
func Findings(all []Judged) []string {
	say := func(id string) string {
		for _, j := range all {
			if j.ID == id {
				return fmt.Sprintf("%s (%s)", j.Verdict, j.Line())
			}
		}
		return string(verdict.NotRun)
	}
	figures, good := 0, 0
	for _, j := range all {
		if strings.HasPrefix(j.ID, "figure-") {
			figures++
			if j.Verdict == verdict.Holds || j.Verdict == verdict.Partly {
				good++
			}
		}
	}
	return []string{
		fmt.Sprintf("One gradient step finds the graph: for every chain no earlier position beats the parent: %s; with the position itself competing, averaged over a chain's orbit: %s.", say("data-processing"), say("edge-recovery")),
		fmt.Sprintf("Training finds it too: what the paper's figures show holds, at least partly, in %d of %d; Algorithm 1's loss falls to the optimum as sequences grow: %s.", good, figures, say("theorem-1")),
		fmt.Sprintf("What carries it is the prior's constant mean: %s; the lower bound on the transitions is not needed: %s.", say("constant-mean"), say("sufficient-not-necessary")),
	}
}

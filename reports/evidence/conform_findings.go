package evidence

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"causalgrad/props/fault"
	"causalgrad/props/outcome"
	"causalgrad/reports/words"
)

// conformFinding is the failures that have one likely cause.
type conformFinding struct {
	// Cause is what they have in common, in a few words.
	Cause string
	// Laws failed of it, the one with the plainest case first.
	Laws []LawOutcome
}

// findings groups the laws that failed by their likely cause, in the order of the
// laws: what the answers look like, else what was refused or had no usable form,
// else the quantity that was wrong. One NaN in a gradient is one finding, however
// many laws asked for it.
func (c Conformance) findings() []conformFinding {
	var all []conformFinding
	at := map[string]int{}
	certain := map[string]bool{} // the known mistakes that a failure's answers fit alone; only looked up
	for _, l := range c.Laws {
		if l.Failure != nil {
			certain[l.Failure.Hint] = true
		}
	}
	for _, l := range c.Laws {
		if l.Failure == nil {
			continue
		}
		cause := l.cause()
		for _, one := range fault.Mistakes(l.Failure.Hint) {
			if certain[one] { // a case that cannot tell two mistakes apart is no second cause
				cause = one
				break
			}
		}
		key := numbers.ReplaceAllString(cause, "#") // they differ from case to case
		i, known := at[key]
		if !known {
			i = len(all)
			at[key] = i
			all = append(all, conformFinding{Cause: cause})
		}
		all[i].Laws = append(all[i].Laws, l)
	}
	for _, f := range all {
		slices.SortStableFunc(f.Laws, func(a, b LawOutcome) int { return cmp.Compare(len(a.Failure.Case), len(b.Failure.Case)) })
	}
	return all
}

// What differs from case to case of one cause.
var (
	indices = regexp.MustCompile(`(\[[0-9]+\])+`)
	details = regexp.MustCompile(`( (of|with|after|above|against|and|in|on|to|from|at|is) |,).*`)
	numbers = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?`)
)

// cause is the likely cause of a failure in a few words.
func (l LawOutcome) cause() string {
	f := l.Failure
	what := details.ReplaceAllString(strings.TrimPrefix(indices.ReplaceAllString(f.What, ""), "sum of "), "")
	switch {
	case f.Hint != "":
		return f.Hint
	case f.unanswered() || f.Expected == anAnswer:
		return indices.ReplaceAllString(f.Got, "")
	case f.Got == "NaN" || strings.HasSuffix(f.Got, "Inf"):
		return what + " is " + f.Got
	}
	return fmt.Sprintf("%s: %s", l.group(), what)
}

// anAnswer is what a law expects where the form alone was wrong.
const anAnswer = "an answer"

// Untested says why the law was not tested; it is empty where it was.
func (l LawOutcome) Untested() string {
	switch {
	case l.Missing != "":
		return "no capability " + string(l.Missing)
	case l.Verdict == outcome.NotApplicable || l.Verdict == outcome.NotTried:
		return l.Message
	}
	return ""
}

// untried counts the laws that were not tested, by the reason.
func (c Conformance) untried() (reasons []string, laws map[string]int) {
	laws = map[string]int{}
	note := func(why string, n int) {
		if laws[why] == 0 {
			reasons = append(reasons, why)
		}
		laws[why] += n
	}
	for _, l := range c.Laws {
		if why := l.Untested(); why != "" {
			note(why, 1)
		}
	}
	if c.Unjudged > 0 {
		note("the run was stopped", c.Unjudged)
	}
	return reasons, laws
}

// leftOut sums the draws that were left out by why, "scope" or "unsupported", and
// reason.
func (c Conformance) leftOut() []outcome.LeftOut {
	var all []outcome.LeftOut
	for _, l := range c.Laws {
		for _, out := range l.LeftOut {
			if out.Why == "no claim" {
				continue // a law's own doing
			}
			i := slices.IndexFunc(all, func(o outcome.LeftOut) bool { return o.Why == out.Why && o.Reason == out.Reason })
			if i < 0 {
				all = append(all, outcome.LeftOut{Why: out.Why, Reason: out.Reason})
				i = len(all) - 1
			}
			all[i].Draws += out.Draws
		}
	}
	return all
}

// Failures describes a failure of each finding in full, or with each every
// failure, and every law that could not be tested: claim, case, expected, got,
// distance and replay command. It is empty when there is none.
func (c Conformance) Failures(each bool) string {
	var b strings.Builder
	for _, f := range c.findings() {
		shown := f.Laws
		if !each {
			shown = shown[:1]
		}
		for _, l := range shown {
			fmt.Fprintf(&b, "%s FAILED after %s\n", l.ID, words.Counted(l.Draws, "draw"))
			for _, line := range l.lines() {
				fmt.Fprintf(&b, "  %-9s %s\n", line.label, line.text)
			}
			if more := len(f.Laws) - len(shown); more > 0 {
				fmt.Fprintf(&b, "  %-9s %s, probably of the same cause (--each shows them)\n", "so do", lawNames(f.Laws[1:], 4))
			}
			b.WriteByte('\n')
		}
	}
	for _, l := range c.Laws {
		if l.Verdict == outcome.Error {
			fmt.Fprintf(&b, "%s could not be tested\n  %-9s %s (%s)\n  %-9s %s\n\n", l.ID, "claim", l.Sentence, l.Source, "because", l.Message)
		}
	}
	return b.String()
}

// labelled is one line of a failure.
type labelled struct{ label, text string }

// lines is a failure in full.
func (l LawOutcome) lines() []labelled {
	f := l.Failure
	all := []labelled{{"claim", fmt.Sprintf("%s (%s)", l.Sentence, l.Source)}, {"case", f.Case},
		{"what", f.What}, {"expected", f.Expected}, {"got", f.Got}}
	if f.unanswered() {
		all = append(all, labelled{"kind", f.Kind})
	}
	if f.OffBy > 0 {
		all = append(all, labelled{"off by", fmt.Sprintf("%.3g times the tolerance", f.OffBy)})
	}
	if f.Flaky {
		all = append(all, labelled{"note", "the same question got different answers"})
	}
	all = append(all, labelled{"hint", f.Hint}, labelled{"replay", f.Replay})
	return slices.DeleteFunc(all, func(line labelled) bool { return line.text == "" })
}

// lawNames names a few laws and counts the others.
func lawNames(laws []LawOutcome, few int) string {
	var names []string
	for _, l := range laws {
		names = append(names, l.ID)
	}
	if len(names) > few {
		names = append(names[:few], fmt.Sprintf("%d more", len(names)-few))
	}
	return strings.Join(names, ", ")
}

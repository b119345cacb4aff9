package ci

import (
	"fmt"
	"io"
	"strings"

	"causalgrad/props/outcome"
	"causalgrad/reports/evidence"
)

// Laws writes a run of the laws as a JUnit report with one test case a law: one that
// could not be judged is a failure too, and one that was not tried is skipped and
// says why.
func Laws(w io.Writer, c evidence.Conformance) error {
	s := suite{Name: "laws on " + valid(c.Subject)}
	for _, l := range c.Laws {
		one := junitCase{Class: "causalgrad.laws", Name: l.ID, Output: valid(fmt.Sprintf("%s (%s): %s, %d draws", l.Sentence, l.Source, l.Verdict, l.Draws))}
		switch l.Verdict {
		case outcome.Passed:
		case outcome.NotApplicable, outcome.NotTried:
			one.Skipped = &message{Message: valid(strings.TrimSpace(string(l.Missing) + " " + l.Message))}
		default:
			one.Failure = &message{Message: valid(l.Sentence), Text: valid(l.Message)}
			if f := l.Failure; f != nil {
				hint := ""
				if f.Hint != "" {
					hint = "\nhint: " + f.Hint
				}
				one.Failure.Text = valid(fmt.Sprintf("%s%s\nreplay: %s", f.Counterexample, hint, f.Replay))
			}
		}
		s.add(one)
	}
	if c.Unjudged > 0 {
		s.add(junitCase{Class: "causalgrad.laws", Name: "all laws", Failure: &message{Message: fmt.Sprintf("the run was stopped before %d laws", c.Unjudged)}})
	}
	return writeJUnit(w, s)
}

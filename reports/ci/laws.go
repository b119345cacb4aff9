package ci

import (
	"fmt"
	"io"

	"causalgrad/props/outcome"
	"causalgrad/reports/evidence"
	"causalgrad/reports/words"
)

// Laws writes a run of the laws as a JUnit report with one test case a law: one that
// could not be judged is a failure too, and one that was not tried is skipped and
// says why.
func Laws(w io.Writer, c evidence.Conformance) error {
	s := suite{Name: "laws on " + valid(c.Subject)}
	for _, l := range c.Laws {
		one := junitCase{Class: "causalgrad.laws", Name: l.ID, Output: valid(fmt.Sprintf("%s (%s): %s, %s", l.Sentence, l.Source, l.Verdict, words.Counted(l.Draws, "draw")))}
		switch l.Verdict {
		case outcome.Passed:
		case outcome.NotApplicable, outcome.NotTried:
			one.Skipped = &message{Message: valid(l.Untested())}
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
		s.add(junitCase{Class: "causalgrad.laws", Name: "all laws", Failure: &message{Message: "the run was stopped before " + words.Counted(c.Unjudged, "law")}})
	}
	return writeJUnit(w, s)
}

// Package verdict has the words that judgements end with, so that they are the
// same words everywhere: in conditions, certificates, claims, comparisons and
// tables. It judges nothing.
package verdict

// Verdict is the word a judgement ends with. The empty Verdict is none.
type Verdict string

// The verdicts: the first five of conditions, claims and findings, the last two of
// laws and comparisons.
const (
	Holds     Verdict = "holds"     // shown to be so
	Fails     Verdict = "fails"     // shown not to be so
	Partly    Verdict = "partly"    // of several statements some hold and some fail
	Undecided Verdict = "undecided" // looked at, and neither was shown; it is not a form of agreement
	NotRun    Verdict = "not run"   // not looked at
	Pass      Verdict = "pass"
	Fail      Verdict = "FAIL"
)

// All lists the verdicts.
func All() []Verdict { return []Verdict{Holds, Fails, Partly, Undecided, NotRun, Pass, Fail} }

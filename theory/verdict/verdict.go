// Package verdict has the words that judgements end with, so that they are the
// same words everywhere: in conditions, certificates, claims and tables. It
// judges nothing.
package verdict

// Verdict is the word a judgement ends with. The empty Verdict is none.
type Verdict string

// The verdicts.
const (
	Holds     Verdict = "holds"     // shown to be so
	Fails     Verdict = "fails"     // shown not to be so
	Undecided Verdict = "undecided" // looked at, and neither was shown; it is not a form of agreement
	NotRun    Verdict = "not run"   // not looked at
)

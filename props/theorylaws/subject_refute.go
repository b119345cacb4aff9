package theorylaws

import (
	"causalgrad/props"
	"causalgrad/theory/necessity"
)

// CanRefute is the capability of a Refuter. It is in-process only: the
// protocol of package conform has no message for it, so the laws that need it
// do not apply to a foreign program.
const CanRefute props.Capability = "refute"

// Refuter searches for the failures that dropping a hypothesis allows (package
// necessity).
type Refuter interface {
	// Refute drops a condition, one of necessity.Conditions, and searches.
	Refute(condition string, o necessity.Options) (necessity.Outcome, error)
	// VerifyRefutation repeats the proof of a counterexample from its text; nil
	// means that everything agrees.
	VerifyRefutation(c necessity.Counterexample) error
	// Star evaluates the first step on stars of the given sequence lengths T.
	Star(delta float64, lengths []int) ([]necessity.StarRow, error)
}

package theorylaws

import "causalgrad/theory/necessity"

var _ Refuter = builtin{}

// Refute implements Refuter.
func (builtin) Refute(condition string, o necessity.Options) (necessity.Outcome, error) {
	return necessity.Search(condition, o)
}

// VerifyRefutation implements Refuter.
func (builtin) VerifyRefutation(c necessity.Counterexample) error { return c.Verify() }

// Star implements Refuter.
func (builtin) Star(delta float64, lengths []int) ([]necessity.StarRow, error) {
	return necessity.Star(delta, lengths)
}

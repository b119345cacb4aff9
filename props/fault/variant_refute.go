package fault

import (
	"causalgrad/props/theorylaws"
	"causalgrad/theory/necessity"
)

// refuting replaces the search, the proof and the star; nil is the subject's
// own. A replacement is given the subject's way to answer, and is asked about
// what the subject refuses too, since accepting it can be the mistake.
type refuting struct {
	search func(own search, condition string, o necessity.Options) (necessity.Outcome, error)
	verify func(own error, c necessity.Counterexample) error
	star   func(own star, delta float64, lengths []int) ([]necessity.StarRow, error)
}

type (
	search func(condition string, o necessity.Options) (necessity.Outcome, error)
	star   func(delta float64, lengths []int) ([]necessity.StarRow, error)
)

// Refute implements theorylaws.Refuter.
func (v *variant) Refute(condition string, o necessity.Options) (necessity.Outcome, error) {
	s, err := capable[theorylaws.Refuter](v)
	if err != nil {
		return necessity.Outcome{}, err
	}
	if v.refute.search == nil {
		return s.Refute(condition, o)
	}
	return v.refute.search(s.Refute, condition, o)
}

// VerifyRefutation implements theorylaws.Refuter.
func (v *variant) VerifyRefutation(c necessity.Counterexample) error {
	s, err := capable[theorylaws.Refuter](v)
	if err != nil {
		return err
	}
	own := s.VerifyRefutation(c)
	if v.refute.verify == nil {
		return own
	}
	return v.refute.verify(own, c)
}

// Star implements theorylaws.Refuter.
func (v *variant) Star(delta float64, lengths []int) ([]necessity.StarRow, error) {
	s, err := capable[theorylaws.Refuter](v)
	if err != nil {
		return nil, err
	}
	if v.refute.star == nil {
		return s.Star(delta, lengths)
	}
	return v.refute.star(s.Star, delta, lengths)
}

// touched reports whether anything is replaced.
func (r refuting) touched() bool { return r.search != nil || r.verify != nil || r.star != nil }

package fault

import (
	"causalgrad/props/theorylaws"
	"causalgrad/theory/certify"
)

// certifying answers a question about a region, given the subject's own way to
// answer any. A replacement is asked about questions out of bounds too, since
// accepting them can be the mistake.
type certifying func(own answers, r certify.Region) (certify.Map, []certify.Part, error)

// answers is how a subject answers questions.
type answers func(certify.Region) (certify.Map, []certify.Part, error)

// Certify implements theorylaws.Certifier.
func (v *variant) Certify(r certify.Region) (certify.Map, []certify.Part, error) {
	s, err := capable[theorylaws.Certifier](v)
	if err != nil {
		return certify.Map{}, nil, err
	}
	if v.certify == nil {
		return s.Certify(r)
	}
	return v.certify(s.Certify, r)
}

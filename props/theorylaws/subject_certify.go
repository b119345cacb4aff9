package theorylaws

import (
	"causalgrad/props"
	"causalgrad/theory/certify"
)

// CanCertify is the capability of a Certifier. It is in-process only: the
// protocol of package conform has no message for it, so the laws that need it
// do not apply to a foreign program.
const CanCertify props.Capability = "certify"

// Certifier proves on which chains a forest's parent is singled out (package
// certify).
type Certifier interface {
	// Certify answers the question of r: the map and the parts that it is made
	// from.
	Certify(r certify.Region) (certify.Map, []certify.Part, error)
}

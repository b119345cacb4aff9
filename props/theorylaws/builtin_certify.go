package theorylaws

import "causalgrad/theory/certify"

var _ Certifier = builtin{}

// Certify implements Certifier. Both ways to ask must give one map.
func (builtin) Certify(r certify.Region) (certify.Map, []certify.Part, error) {
	m, err := certify.Certify(r)
	if err != nil {
		return m, nil, err
	}
	_, parts, err := certify.Parts(r)
	return m, parts, err
}

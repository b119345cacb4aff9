package fault

import "causalgrad/props"

// Graph implements props.Grapher. A fault in it also sees what the subject
// refuses: accepting too much is the mistake that parsers make.
func (v *variant) Graph(g props.GraphSource) (props.GraphFacts, error) {
	s, err := capable[props.Grapher](v)
	if err != nil {
		return props.GraphFacts{}, err
	}
	own, err := s.Graph(g)
	if v.graph == nil {
		return own, err
	}
	return v.graph(own, err, g)
}

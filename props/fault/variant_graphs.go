package fault

import "causalgrad/props/theorylaws"

// Graph implements theorylaws.Grapher. A fault in it also sees what the subject
// refuses: accepting too much is the mistake that parsers make.
func (v *variant) Graph(g theorylaws.GraphSource) (theorylaws.GraphFacts, error) {
	s, err := capable[theorylaws.Grapher](v)
	if err != nil {
		return theorylaws.GraphFacts{}, err
	}
	own, err := s.Graph(g)
	if v.graph == nil {
		return own, err
	}
	return v.graph(own, err, g)
}

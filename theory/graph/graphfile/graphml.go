package graphfile

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"causalgrad/theory/userfile"
)

// parseGraphML reads one directed graph, from GraphML or from GEXF, which says the
// same in other words. Data of nodes and edges are left out.
func parseGraphML(text string, o Options) (Reading, error) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the text is UTF-8 already
	m := graphML{builder: newBuilder()}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := decoder.InputPos()
		if err != nil {
			return Reading{}, fmt.Errorf("line %d: not readable XML: %s", line, userfile.Printable(err.Error()))
		}
		if start, ok := token.(xml.StartElement); ok {
			if err := m.element(start, line); err != nil {
				return Reading{}, fmt.Errorf("line %d: %w", line, err)
			}
		}
	}
	if m.graphs == 0 {
		return Reading{}, errors.New("no <graph>: want GraphML or GEXF")
	}
	return m.graph(o)
}

type graphML struct {
	*builder
	graphs   int
	directed bool
}

func (m *graphML) element(e xml.StartElement, line int) error {
	attribute := map[string]string{}
	for _, a := range e.Attr {
		attribute[a.Name.Local] = a.Value
	}
	switch e.Name.Local {
	case "graph":
		if m.graphs++; m.graphs > 1 {
			return errors.New("a second graph, want one")
		}
		m.directed = attribute["edgedefault"] == "directed" || attribute["defaultedgetype"] == "directed"
	case "hyperedge":
		return errors.New("a hyperedge, want edges from parent to child")
	case "node":
		id := attribute["id"]
		if m.known[id] {
			return fmt.Errorf("node %s is listed twice", userfile.Printable(id))
		}
		m.declare(id)
	case "edge":
		parent, child := attribute["source"], attribute["target"]
		directed := m.directed
		if own, ok := attribute["directed"]; ok {
			directed = own == "true"
		}
		if own, ok := attribute["type"]; ok { // GEXF's: directed, undirected or mutual
			directed = own == "directed"
		}
		if !directed {
			return fmt.Errorf("edge %s -- %s is undirected: want an arrow from parent to child",
				userfile.Printable(parent), userfile.Printable(child))
		}
		return m.edge(parent, child, line)
	}
	return nil
}

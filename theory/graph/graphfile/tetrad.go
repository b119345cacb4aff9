package graphfile

import (
	"fmt"
	"regexp"
	"strings"

	"causalgrad/theory/userfile"
)

// tetradEdge is "1. X --> Y" with the properties that may follow: a PAG's "pd" and
// "pl" say that the edge is possibly not direct, or that a hidden cause is possible.
var tetradEdge = regexp.MustCompile(`^\d+\.\s+(\S+)\s+(\S+)\s+(\S+)(.*\b(?:pd|pl)\b)?`)

// parseTetrad reads the text that Tetrad and causal-learn print: "Graph Nodes:",
// their names, "Graph Edges:" and a numbered edge a line.
func parseTetrad(text string, o Options) (Reading, error) {
	b := newBuilder()
	section := ""
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Graph ") && strings.HasSuffix(line, ":") {
			section = line
			continue
		}
		switch {
		case line == "":
		case section == "Graph Nodes:":
			for _, name := range strings.FieldsFunc(line, func(r rune) bool { return r == ';' || r == ',' }) {
				b.declare(strings.TrimSpace(name))
			}
		case section == "Graph Edges:":
			e := tetradEdge.FindStringSubmatch(line)
			if e == nil {
				return Reading{}, fmt.Errorf("line %d: %q, want \"1. parent --> child\"", n, userfile.Printable(line))
			}
			if e[2] != "-->" {
				return Reading{}, fmt.Errorf("line %d: edge %s %s %s: want an arrow --> from parent to child",
					n, userfile.Printable(e[1]), userfile.Printable(e[2]), userfile.Printable(e[3]))
			}
			if e[4] != "" {
				return Reading{}, fmt.Errorf("line %d: edge %s --> %s is of a PAG and may not be direct (pd) or without a hidden common cause (pl): want an arrow from parent to child",
					n, userfile.Printable(e[1]), userfile.Printable(e[3]))
			}
			if err := b.edge(e[1], e[3], n); err != nil {
				return Reading{}, err
			}
		}
	}
	return b.graph(o)
}

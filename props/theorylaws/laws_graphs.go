package theorylaws

import (
	"fmt"
	"slices"
	"strconv"

	"causalgrad/props"
	"pgregory.net/rapid"
)

var graphs = []props.Capability{CanGraph}

// graphLaws are about the graphs that a user writes (theory.md section 1).
func graphLaws() []props.Law {
	return slices.Concat([]props.Law{
		{ID: "graph-text", Source: "theory.md section 1", Needs: graphs, Check: roundTrip(written.drawText, false),
			Sentence: "A graph in the command's grammar is read as it was written, and prints as a text that is read as the same graph."},
		{ID: "graph-json", Source: "theory.md section 1", Needs: graphs, Draws: 30, Check: roundTrip(written.drawJSON, false),
			Sentence: "A JSON file is read as the graph that was written, the order of several parents included."},
		{ID: "graph-edge-list", Source: "theory.md section 1", Needs: graphs, Draws: 50, Check: roundTrip(written.drawEdges, true),
			Sentence: "An edge list is read as the graph that was written, in any order of lines, with comments and lone roots."},
		{ID: "graph-dot", Source: "theory.md section 1", Needs: graphs, Draws: 60, Check: roundTrip(written.drawDOT, true),
			Sentence: "A DOT file is read as the graph that was written: paths, groups, named groups, attributes and comments."},
	}, graphRefusalLaws(), graphFamilyLaws(), graphRelationLaws())
}

// sourceCase is the case of a law about one source.
func sourceCase(g GraphSource) props.Case {
	c := props.Case{Graph: g.Text}
	if g.Format != "" {
		c = props.Case{Graph: "@graph." + g.Format}.Where("which holds %q", g.Text)
	}
	if g.Length != 0 {
		c = c.With("--length %d", g.Length)
	}
	if g.Seed != 0 {
		c = c.With("--seed %d", g.Seed)
	}
	return c
}

// askGraph asks what the subject reads. The answer must be a graph: one of the
// two kinds, parents before children, of the length that it tells.
func askGraph(t *rapid.T, s props.Subject, g GraphSource) GraphFacts {
	c := sourceCase(g)
	facts := props.Ask(t, c, "graph", func() (GraphFacts, error) { return s.(Grapher).Graph(g) })
	facts.wellFormed(t, c)
	return facts
}

func (g GraphFacts) wellFormed(t *rapid.T, c props.Case) {
	props.Demand(t, c, (g.Parents == nil) != (g.DAG == nil), "graph", "a forest or a DAG", "both or neither")
	props.Demand(t, c, g.written().length() == g.Length, "sequence length", strconv.Itoa(g.written().length()), strconv.Itoa(g.Length))
	props.Demand(t, c, g.Length >= 3 && g.Length <= 4096, "sequence length", "3 to 4096", strconv.Itoa(g.Length))
	for i, list := range g.written().lists() {
		for at, p := range list {
			props.Demand(t, c, p >= 0 && p < i && !slices.Contains(list[:at], p), fmt.Sprintf("parent of %d", i), "an earlier position, once", strconv.Itoa(p))
		}
	}
	props.Demand(t, c, g.DAG == nil || len(g.DAG[g.Length]) > 0, "parents of the target", "at least one", "none")
}

func (g GraphFacts) written() written { return written{g.Parents, g.DAG} }

// same demands the graph that was written.
func (g GraphFacts) same(t *rapid.T, c props.Case, want written) {
	props.Demand(t, c, (g.DAG == nil) == (want.dag == nil) && g.Length == want.length(), "graph", want.text(), g.written().text())
	got := g.written().lists()
	for i, list := range want.lists() {
		props.Equal(t, c, fmt.Sprintf("parents of %d", i), got[i], list)
	}
}

// reread demands that the printed text is canonical: read as the same graph,
// and printed again as the same text.
func (g GraphFacts) reread(t *rapid.T, s props.Subject) {
	again := askGraph(t, s, GraphSource{Text: g.Text})
	c := sourceCase(GraphSource{Text: g.Text})
	again.same(t, c, g.written())
	props.Demand(t, c, again.Text == g.Text, "text", g.Text, again.Text)
}

// roundTrip checks one way of writing. Formats without an order of parents
// give them ascending.
func roundTrip(draw func(written, *rapid.T) GraphSource, unordered bool) func(*rapid.T, props.Subject) {
	return func(t *rapid.T, s props.Subject) {
		want := drawWritten(t)
		source := draw(want, t)
		if unordered {
			want = want.ascending()
		}
		facts := askGraph(t, s, source)
		facts.same(t, sourceCase(source), want)
		props.Demand(t, sourceCase(source), facts.Text == want.text(), "text", want.text(), facts.Text)
		facts.reread(t, s)
	}
}

// refusedGraph asks for a source that is no graph. The error must repeat what
// was typed or name the file.
func refusedGraph(t *rapid.T, s props.Subject, g GraphSource, words ...string) {
	_, err := props.Guarded(func() (GraphFacts, error) { return s.(Grapher).Graph(g) })
	if g.Format != "" {
		words = append(words, "graph."+g.Format)
	} else {
		words = append(words, fmt.Sprintf("graph %q", g.Text))
	}
	props.Refused(t, sourceCase(g), "graph", err, words...)
}

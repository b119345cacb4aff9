package theorylaws

import (
	"fmt"
	"slices"
	"strconv"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

func graphRelationLaws() []props.Law {
	return []props.Law{
		{ID: "graph-relations", Source: "theory.md section 3", Needs: graphs, Check: graphRelations,
			Sentence: "Depths, nearest common ancestors and distances are those of the lines of parents; every child has its edge."},
		{ID: "graph-isomorphism", Source: "theory.md section 3", Needs: graphs, Check: graphIsomorphism,
			Sentence: "Renumbering the positions, parents first, renumbers depths, ancestors and distances."},
		{ID: "graph-arities", Source: "theory.md section 1", Needs: graphs, Check: graphArities,
			Sentence: "The arities of a DAG are the numbers of parents that occur, each once, ascending, without 0."},
	}
}

// drawRelated asks about a forest that is small enough for its relations.
func drawRelated(t *rapid.T, s props.Subject) (props.Case, GraphFacts) {
	g := written{parents: gen.Forests(3, 13).Draw(t, "forest").Parents()}
	source := GraphSource{Text: g.text()}
	return sourceCase(source), askRelated(t, s, source)
}

// askRelated demands the shape of every relation.
func askRelated(t *rapid.T, s props.Subject, source GraphSource) GraphFacts {
	c, facts := sourceCase(source), askGraph(t, s, source)
	n := facts.Length - 1
	ok := len(facts.Parents) == n && len(facts.Depths) == n && len(facts.Ancestors) == n && len(facts.Distances) == n
	for i := range n {
		ok = ok && len(facts.Ancestors[i]) == n && len(facts.Distances[i]) == n
	}
	props.Demand(t, c, ok, "relations", fmt.Sprintf("of %d positions", n), "another shape")
	return facts
}

// line is the way from a position up to its root, itself first.
func line(parents []int, i int) []int {
	var up []int
	for ; i >= 0; i = parents[i] {
		up = append(up, i)
	}
	return up
}

func graphRelations(t *rapid.T, s props.Subject) {
	c, g := drawRelated(t, s)
	var edges []graph.Edge
	for i, p := range g.Parents {
		if p >= 0 {
			edges = append(edges, graph.Edge{Child: i, Parent: p})
		}
		up := line(g.Parents, i)
		props.Equal(t, c, fmt.Sprintf("depth of %d", i), g.Depths[i:i+1], []int{len(up) - 1})
		for k := range g.Parents {
			ancestor, distance := -1, -1
			for a, v := range up {
				if b := slices.Index(line(g.Parents, k), v); b >= 0 {
					ancestor, distance = v, a+b
					break
				}
			}
			what := fmt.Sprintf("[%d][%d]", i, k)
			props.Equal(t, c, "common ancestor "+what, g.Ancestors[i][k:k+1], []int{ancestor})
			props.Equal(t, c, "distance "+what, g.Distances[i][k:k+1], []int{distance})
		}
	}
	props.Equal(t, c, "edges", g.Edges, edges)
}

func graphIsomorphism(t *rapid.T, s props.Subject) {
	c, g := drawRelated(t, s)
	again, order := props.DrawReordering(t, props.ForestOf(g.Parents))
	y := askRelated(t, s, GraphSource{Text: again.String()})
	c = c.Where("and %s", again)
	to := func(i int) int {
		if i < 0 {
			return i
		}
		return order[i]
	}
	for i := range g.Parents {
		props.Demand(t, c, y.Depths[to(i)] == g.Depths[i], fmt.Sprintf("depth of %d", i), strconv.Itoa(g.Depths[i]), strconv.Itoa(y.Depths[to(i)]))
		for k := range g.Parents {
			props.Demand(t, c, y.Distances[to(i)][to(k)] == g.Distances[i][k], props.At("distance", i, k), strconv.Itoa(g.Distances[i][k]), strconv.Itoa(y.Distances[to(i)][to(k)]))
			props.Demand(t, c, y.Ancestors[to(i)][to(k)] == to(g.Ancestors[i][k]), props.At("common ancestor", i, k),
				strconv.Itoa(to(g.Ancestors[i][k])), strconv.Itoa(y.Ancestors[to(i)][to(k)]))
		}
	}
}

func graphArities(t *rapid.T, s props.Subject) {
	source := GraphSource{Text: drawWrittenDAG(t).text()}
	g := askGraph(t, s, source)
	occurs := make([]bool, 7)
	for _, list := range g.DAG {
		occurs[len(list)] = true
	}
	var want []int
	for k := 1; k < len(occurs); k++ {
		if occurs[k] {
			want = append(want, k)
		}
	}
	props.Equal(t, sourceCase(source), "arities", g.Arities, want)
}

package theorylaws

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"causalgrad/props"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

func graphRefusalLaws() []props.Law {
	return []props.Law{
		{ID: "graph-refuses-parents", Source: "theory.md section 1", Needs: graphs, Draws: 30, Check: graphRefusesParents,
			Sentence: "A parent that is not earlier, or is no number, is refused with the child's position, in every notation of a forest."},
		{ID: "graph-refuses-lists", Source: "theory.md section 1", Needs: graphs, Draws: 30, Check: graphRefusesLists,
			Sentence: "A DAG with a parent that is not earlier, with one twice, with too many or without one for the target is refused with the entry."},
		{ID: "graph-refuses-edges", Source: "theory.md section 1", Needs: graphs, Draws: 15, Check: graphRefusesEdges,
			Sentence: "A bad line of an edge list is refused with its number; a second parent without a target, with the position."},
		{ID: "graph-refuses-files", Source: "theory.md section 1", Needs: graphs, Draws: 80, Check: graphRefusesFiles,
			Sentence: "A file that is no graph of its format is refused with the reason and its name."},
		{ID: "graph-refuses-sizes", Source: "theory.md section 1", Needs: graphs, Draws: 30, Check: graphRefusesSizes,
			Sentence: "A sequence length that is out of range, missing or not the text's is refused with the numbers."},
		{ID: "graph-any-text", Source: "theory.md section 1", Needs: graphs, Draws: 60, Check: graphAnyText,
			Sentence: "However a source is damaged, it is refused in one line or read as a graph that prints and reads back."},
	}
}

// graphRefusesParents breaks one parent of a forest.
func graphRefusesParents(t *rapid.T, s props.Subject) {
	g := written{parents: gen.Forests(3, 13).Draw(t, "forest").Parents()}
	i := rapid.IntRange(0, len(g.parents)-1).Draw(t, "child")
	broken := slices.Clone(g.parents)
	broken[i] = rapid.SampledFrom([]int{i, i + 1, -2, 4096, math.MinInt}).Draw(t, "parent")
	place := fmt.Sprintf("parents[%d]", i)
	text := written{parents: broken}.text()
	refusedGraph(t, s, GraphSource{Text: text}, place, fmt.Sprintf("%d", broken[i]))
	refusedGraph(t, s, GraphSource{Text: marshalled(broken), Format: "json"}, place, fmt.Sprintf("%d", broken[i]))
	words := strings.Split(strings.TrimPrefix(g.text(), "parents:"), ",")
	words[i] = rapid.SampledFrom([]string{"x", "1.5", "", "0x1", "99999999999999999999"}).Draw(t, "word")
	refusedGraph(t, s, GraphSource{Text: "parents:" + strings.Join(words, ",")}, place, fmt.Sprintf("%q", words[i]))
}

// graphRefusesLists breaks one entry of a DAG.
func graphRefusesLists(t *rapid.T, s props.Subject) {
	g := drawWrittenDAG(t)
	i := rapid.IntRange(1, len(g.dag)-1).Draw(t, "entry")
	place := fmt.Sprintf("dag[%d]", i)
	switch rapid.SampledFrom([]string{"later", "twice", "many", "none"}).Draw(t, "fault") {
	case "later":
		g.dag[i] = []int{rapid.SampledFrom([]int{i, i + 1, -1}).Draw(t, "parent")}
		place += "[0]"
	case "twice":
		g.dag[i] = []int{i - 1, i - 1}
	case "many": // seven, all earlier
		g.dag = [][]int{nil, nil, nil, nil, nil, nil, nil, {6, 5, 4, 3, 2, 1, 0}, {7}}
		place = "dag[7]"
	case "none":
		g.dag[len(g.dag)-1] = nil
		place = fmt.Sprintf("dag[%d]", len(g.dag)-1)
	}
	refusedGraph(t, s, GraphSource{Text: g.text()}, place)
	refusedGraph(t, s, GraphSource{Text: `{"dag":` + marshalled(g.filled()) + "}", Format: "json"}, place)
	refusedGraph(t, s, GraphSource{Text: strings.TrimSuffix(g.text(), "]")}, "dag")
}

// graphRefusesEdges damages one line of an edge list, or adds an edge.
func graphRefusesEdges(t *rapid.T, s props.Subject) {
	parents := written{parents: []int{-1, 0, 1, 1, 0, 3}}
	lines := strings.Split(strings.TrimSpace(parents.plainEdges()), "\n")
	n := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
	broken := rapid.SampledFrom([]struct{ line, word string }{
		{"0 1 2", "3 words"}, {"a 1", `"a"`}, {"-1 2", `"-1"`}, {"0 4096", `"4096"`}, {"target 5", "no children"}, {"0 1.0", `"1.0"`},
	}).Draw(t, "broken")
	damaged := slices.Clone(lines)
	damaged[n] = broken.line
	refusedGraph(t, s, GraphSource{Text: strings.Join(damaged, "\n"), Format: "edges"}, fmt.Sprintf("line %d", n+1), broken.word)

	child := rapid.IntRange(2, 5).Draw(t, "child")
	second := fmt.Sprintf("%d %d", (parents.parents[child]+1)%child, child)
	refusedGraph(t, s, GraphSource{Text: strings.Join(append(lines, second), "\n"), Format: "edges"}, fmt.Sprintf("position %d has two parents", child))
	loop := fmt.Sprintf("%d 0", child)
	refusedGraph(t, s, GraphSource{Text: strings.Join(append(lines, loop), "\n"), Format: "edges"}, fmt.Sprintf("parents[0] = %d", child))
	refusedGraph(t, s, GraphSource{Text: strings.Join(append(lines, "0 1", "5 target"), "\n"), Format: "edges"}, "parent 0 is listed twice")
	refusedGraph(t, s, GraphSource{Text: strings.Repeat("0 ", 1<<15), Format: "edges"}, "edge list")
}

// plainEdges is the edge list in the order of the children.
func (g written) plainEdges() string {
	var b strings.Builder
	for child, list := range g.lists() {
		for _, p := range list {
			fmt.Fprintf(&b, "%d %d\n", p, child)
		}
	}
	return b.String()
}

// graphRefusesFiles: one fault of each kind that a format has.
func graphRefusesFiles(t *rapid.T, s props.Subject) {
	many := "{" + strings.Join(words(0, 200), " ") + "} -> {" + strings.Join(words(200, 400), " ") + "}"
	broken := rapid.SampledFrom([]struct{ format, text, word string }{
		{"dot", "graph { 0 -- 1 -- 2 }", "undirected"},
		{"gv", "digraph { 0 -> 1 -> ", "DOT"},
		{"dot", "", "DOT"},
		{"gv", "digraph { 0 -> 1 } digraph { 0 -> 2 }", "2 DOT graphs"},
		{"dot", "digraph { 0 -> x }", `"x"`},
		{"dot", "digraph { y -> 1 }", `"y"`},
		{"dot", "digraph { {0 z} -> 2 }", `"z"`},
		{"dot", "digraph { 0 -> {1 w} }", `"w"`},
		{"dot", "digraph { v; 0 -> 1 }", `"v"`},
		{"dot", "digraph { target -> 2 }", "no children"},
		{"dot", "digraph { 0 -> 2; 1 -> 2 }", "position 2 has two parents, 0 and 1"},
		{"dot", "digraph { 0 -> 1; 2 -> 2 }", "parents[2] = 2"},
		{"gv", "digraph { " + many + "}", "edges"},
		{"gv", "digraph { 0 -> 1:n:n:n }", "DOT"},
		{"json", "{}", "neither"},
		{"json", `{"parents": [-1, 0], "dag": [[], [], [], [0]]}`, "both"},
		{"json", `{"parents": [-1, `, "want {"},
		{"json", `{"parents": [-1, "0"]}`, "want {"},
		{"json", `[[], [], [], [0.5]]`, "want {"},
		{"json", "null", "neither"},
	}).Draw(t, "file")
	refusedGraph(t, s, GraphSource{Text: broken.text, Format: broken.format}, broken.word)
	name := rapid.SampledFrom([]struct{ text, word string }{{"@", "no file name"}, {"@no/such/graph.json", "no/such/graph.json"}, {"@.", "file"}}).Draw(t, "name")
	refusedGraph(t, s, GraphSource{Text: name.text}, name.word)
}

func words(from, to int) []string {
	var list []string
	for i := from; i < to; i++ {
		list = append(list, strconv.Itoa(i))
	}
	return list
}

func graphRefusesSizes(t *rapid.T, s props.Subject) {
	g := drawWritten(t)
	other := g.length() + rapid.SampledFrom([]int{1, 5}).Draw(t, "longer")
	refusedGraph(t, s, GraphSource{Text: g.text(), Length: other}, strconv.Itoa(g.length()), strconv.Itoa(other))
	family := rapid.SampledFrom([]string{"chain", "icl", "random", "random:uniform", "random:0.25", "trigram-half"}).Draw(t, "family")
	bad := rapid.SampledFrom([]int{-1, 1, 2, 4097, 1 << 30}).Draw(t, "length")
	refusedGraph(t, s, GraphSource{Text: family, Length: bad}, strconv.Itoa(bad))
	refusedGraph(t, s, GraphSource{Text: family}, "length")
	refusedGraph(t, s, GraphSource{Text: "manual", Length: other + 7}, strconv.Itoa(other+7))
	argument := rapid.SampledFrom([]string{"chain:3", "icl:", "manual:6", "trigram-half:x"}).Draw(t, "argument")
	refusedGraph(t, s, GraphSource{Text: argument, Length: 6}, "no argument")
	chance := rapid.SampledFrom([]string{"-0.1", "1.5", "NaN", "half", ""}).Draw(t, "root probability")
	refusedGraph(t, s, GraphSource{Text: "random:" + chance, Length: 6}, fmt.Sprintf("%q", chance))
	unknown := rapid.SampledFrom([]string{"", "tree", "Chain", "chains", "-1,0,0"}).Draw(t, "unknown")
	refusedGraph(t, s, GraphSource{Text: unknown, Length: 6}, "unknown graph", "parents:", "@FILE")
	short := rapid.SampledFrom([]string{"parents:-1", "dag:[[],[],[0]]", "dag:[]"}).Draw(t, "short")
	refusedGraph(t, s, GraphSource{Text: short}, "sequence length", "want")
	last := rapid.IntRange(2, 4094).Draw(t, "last position")
	chain := askGraph(t, s, GraphSource{Text: fmt.Sprintf("0 %d", last), Format: "edges"})
	props.Demand(t, props.Case{}.Where("one edge from 0 to %d", last), chain.Length == last+2, "sequence length", strconv.Itoa(last+2), strconv.Itoa(chain.Length))
}

// graphAnyText damages a good source in up to three places.
func graphAnyText(t *rapid.T, s props.Subject) {
	write := rapid.SampledFrom([]func(written, *rapid.T) GraphSource{
		written.drawText, written.drawJSON, written.drawEdges, written.drawDOT}).Draw(t, "notation")
	source := write(drawWritten(t), t)
	text := []byte(source.Text)
	for range rapid.IntRange(1, 3).Draw(t, "places") {
		at := rapid.IntRange(0, len(text)-1).Draw(t, "place")
		letter := rapid.SampledFrom([]byte("0123456789,-:[]{}\"> \n#;\x00et")).Draw(t, "letter")
		switch rapid.SampledFrom([]string{"replace", "insert", "delete"}).Draw(t, "damage") {
		case "replace":
			text[at] = letter
		case "insert":
			text = slices.Insert(text, at, letter)
		case "delete":
			if len(text) > 1 {
				text = slices.Delete(text, at, at+1)
			}
		}
	}
	source.Text = string(text)
	if source.Format == "" && strings.HasPrefix(strings.TrimSpace(source.Text), "@") {
		return // names a file
	}
	facts, err := props.Guarded(func() (GraphFacts, error) { return s.(Grapher).Graph(source) })
	if err != nil {
		props.Refused(t, sourceCase(source), "graph", err, "graph")
		return
	}
	facts.wellFormed(t, sourceCase(source))
	facts.reread(t, s)
}

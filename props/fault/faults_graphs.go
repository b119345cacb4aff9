package fault

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"causalgrad/props/catalogue"
	"causalgrad/props/theorylaws"
)

// graphFaults are mistakes in reading graphs and in what a forest says.
func graphFaults() []Fault {
	return []Fault{
		graphText("graph-parents-one-based", "the parent list of a text is read as 1-based, 0 for a root", "", reparsed(func(p int) int { return max(p-1, -1) }), "graph-text"),
		graphText("graph-json-sorts-parents", "several parents from a JSON file are sorted", "json", sortedParents, "graph-json"),
		graphText("graph-edges-neighbours-dropped", "an edge list loses the edges from a position to the next", "edges", droppedNeighbours, "graph-edge-list"),
		graphText("graph-dot-one-arrow", "a DOT path is read as its first arrow alone", "dot", firstArrows, "graph-dot"),
		graphText("graph-gv-group-first", "a DOT group is read as its first node", "gv", firstOfGroup, "graph-dot"),
		leniency("graph-parent-clamped", "a parent that is not earlier is taken for a root", clamped, "graph-refuses-parents"),
		leniency("graph-lists-lenient", "a DAG that is refused is read as the smallest one", smallest("dag"), "graph-refuses-lists"),
		leniency("graph-line-uncounted", "the errors of an edge list do not name the line", anonymous, "graph-refuses-edges"),
		leniency("graph-bad-file-empty", "a file that cannot be read is three roots", emptyForest, "graph-refuses-files"),
		leniency("graph-length-ignored", "a length that contradicts the text is ignored", lengthless, "graph-refuses-sizes"),
		leniency("graph-error-with-lines", "an error quotes the damaged file, line by line", quoting, "graph-any-text", "graph-refuses-files"),
		graphFacts("graph-pairs-shifted", "the pairs of the in-context-learning graph start at position 1", shiftedPairs, "graph-families"),
		graphFacts("graph-root-probability-inverted", "the random forest takes the root probability for that of an edge", invertedRoots, "graph-random-seed", "graph-random-law"),
		graphFacts("graph-recent-parent", "the random forest's parents are always the position before", recentParents, "graph-random-law"),
		graphFacts("graph-seed-ignored", "the random forest is the same for every seed", nil, "graph-random-seed", "graph-random-law"),
		graphFacts("graph-depth-of-nodes", "a depth counts positions, not edges", deeper, "graph-relations"),
		graphFacts("graph-distance-by-depth", "a distance is the difference of the depths", byDepth, "graph-relations"),
		graphFacts("graph-ancestor-earlier", "the common ancestor is taken to be the earlier position", earlierOne, "graph-isomorphism", "graph-relations"),
		graphFacts("graph-arities-repeated", "an arity is listed for each entry that has it", repeatedArities, "graph-arities"),
	}
}

type grapher = func(own theorylaws.GraphFacts, err error, g theorylaws.GraphSource) (theorylaws.GraphFacts, error)

// understood is what the unbroken subject makes of a text in the grammar.
func understood(text string) (theorylaws.GraphFacts, error) {
	return catalogue.Builtin().(theorylaws.Grapher).Graph(theorylaws.GraphSource{Text: text})
}

// graphText is a fault in reading one format: it rewrites the source, and where
// the rewritten source is no graph the answer stays.
func graphText(id, description, format string, rewrite func(own theorylaws.GraphFacts, g *theorylaws.GraphSource), expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.graph = func(own theorylaws.GraphFacts, err error, g theorylaws.GraphSource) (theorylaws.GraphFacts, error) {
			if err != nil || g.Format != format {
				return own, err
			}
			rewrite(own, &g)
			again, err := v.Subject.(theorylaws.Grapher).Graph(g)
			if err != nil {
				return own, nil
			}
			return again, nil
		}
	}, expect...)
}

// leniency is a fault in what happens to an error: another error, or a text that
// is read instead; neither keeps the error.
func leniency(id, description string, forgive func(err error, g theorylaws.GraphSource) (text string, broken error), expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.graph = func(own theorylaws.GraphFacts, err error, g theorylaws.GraphSource) (theorylaws.GraphFacts, error) {
			if err == nil {
				return own, nil
			}
			text, broken := forgive(err, g)
			switch {
			case broken != nil:
				return own, broken
			case text == "":
				return own, err
			}
			return understood(text)
		}
	}, expect...)
}

// graphFacts is a fault in an answer. Without a change the seed is ignored.
func graphFacts(id, description string, change func(own theorylaws.GraphFacts, g theorylaws.GraphSource) theorylaws.GraphFacts, expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.graph = func(own theorylaws.GraphFacts, err error, g theorylaws.GraphSource) (theorylaws.GraphFacts, error) {
			if err != nil {
				return own, err
			}
			if change == nil {
				g.Seed = 1
				return v.Subject.(theorylaws.Grapher).Graph(g)
			}
			return change(own, g), nil
		}
	}, expect...)
}

// reparsed maps every parent of a text.
func reparsed(change func(p int) int) func(theorylaws.GraphFacts, *theorylaws.GraphSource) {
	return func(own theorylaws.GraphFacts, g *theorylaws.GraphSource) {
		if own.Parents == nil || !strings.Contains(g.Text, "parents:") {
			return
		}
		g.Text = parentsText(mapped(own.Parents, change))
	}
}

func mapped(list []int, change func(p int) int) []int {
	out := make([]int, len(list))
	for i, p := range list {
		out[i] = change(p)
	}
	return out
}

func parentsText(parents []int) string {
	var words []string
	for _, p := range parents {
		words = append(words, strconv.Itoa(p))
	}
	return "parents:" + strings.Join(words, ",")
}

func sortedParents(own theorylaws.GraphFacts, g *theorylaws.GraphSource) {
	if own.DAG == nil {
		return
	}
	for _, list := range own.DAG {
		slices.Sort(list)
	}
	g.Text = strings.ReplaceAll(fmt.Sprint(own.DAG), " ", ",")
}

var pair = regexp.MustCompile(`(?m)^(\d+)([ \t,]+)(\d+)`)

func droppedNeighbours(_ theorylaws.GraphFacts, g *theorylaws.GraphSource) {
	g.Text = pair.ReplaceAllStringFunc(g.Text, func(line string) string {
		m := pair.FindStringSubmatch(line)
		parent, _ := strconv.Atoi(m[1]) // digits
		if m[3] == strconv.Itoa(parent+1) {
			return m[1] + "\n" + m[3] // two lone positions
		}
		return line
	})
}

var path = regexp.MustCompile(`(\w+ -> \w+)( -> \w+)+`)

func firstArrows(_ theorylaws.GraphFacts, g *theorylaws.GraphSource) {
	g.Text = path.ReplaceAllString(g.Text, "$1")
}

var group = regexp.MustCompile(`-> \{(\w+)[^}]+\}`)

func firstOfGroup(_ theorylaws.GraphFacts, g *theorylaws.GraphSource) {
	g.Text = group.ReplaceAllString(g.Text, "-> {$1}")
}

// clamped reads the parents that are integers and takes what is no earlier
// position for a root.
func clamped(_ error, g theorylaws.GraphSource) (string, error) {
	list, ok := strings.CutPrefix(g.Text, "parents:")
	if !ok {
		return "", nil
	}
	var parents []int
	for i, word := range strings.Split(list, ",") {
		p, err := strconv.Atoi(word)
		if err != nil {
			return "", nil
		}
		if p >= i {
			p = -1
		}
		parents = append(parents, max(p, -1))
	}
	return parentsText(parents), nil
}

// smallest reads any text of a kind that is refused as one graph.
func smallest(kind string) func(error, theorylaws.GraphSource) (string, error) {
	return func(_ error, g theorylaws.GraphSource) (string, error) {
		if !strings.HasPrefix(g.Text, kind) {
			return "", nil
		}
		return "dag:[[],[],[],[0]]", nil
	}
}

var lineNumber = regexp.MustCompile(`line \d+: `)

func anonymous(err error, _ theorylaws.GraphSource) (string, error) {
	return "", errors.New(lineNumber.ReplaceAllString(err.Error(), ""))
}

func emptyForest(_ error, g theorylaws.GraphSource) (string, error) {
	if g.Format == "" {
		return "", nil
	}
	return "parents:-1,-1,-1", nil
}

func lengthless(err error, g theorylaws.GraphSource) (string, error) {
	if g.Length != 0 && strings.Contains(err.Error(), "was asked for") {
		return g.Text, nil
	}
	return "", nil
}

func quoting(err error, g theorylaws.GraphSource) (string, error) {
	if g.Format == "" {
		return "", nil
	}
	return "", fmt.Errorf("%w:\n%s", err, g.Text)
}

func shiftedPairs(own theorylaws.GraphFacts, g theorylaws.GraphSource) theorylaws.GraphFacts {
	if g.Text != "icl" {
		return own
	}
	for i := range own.Parents {
		own.Parents[i] = -1
		if i > 0 && i%2 == 0 {
			own.Parents[i] = i - 1
		}
	}
	return own
}

func invertedRoots(own theorylaws.GraphFacts, g theorylaws.GraphSource) theorylaws.GraphFacts {
	text, ok := strings.CutPrefix(g.Text, "random:")
	r, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil {
		return own
	}
	g.Text = fmt.Sprintf("random:%v", 1-r)
	inverted, err := catalogue.Builtin().(theorylaws.Grapher).Graph(g)
	if err != nil {
		return own
	}
	return inverted
}

func recentParents(own theorylaws.GraphFacts, g theorylaws.GraphSource) theorylaws.GraphFacts {
	if !strings.HasPrefix(g.Text, "random") {
		return own
	}
	for i, p := range own.Parents {
		if p >= 0 {
			own.Parents[i] = i - 1
		}
	}
	return own
}

func deeper(own theorylaws.GraphFacts, _ theorylaws.GraphSource) theorylaws.GraphFacts {
	own.Depths = mapped(own.Depths, func(d int) int { return d + 1 })
	return own
}

func byDepth(own theorylaws.GraphFacts, _ theorylaws.GraphSource) theorylaws.GraphFacts {
	for i := range own.Distances {
		for k := range own.Distances {
			if own.Distances[i][k] > 0 {
				own.Distances[i][k] = max(own.Depths[i]-own.Depths[k], own.Depths[k]-own.Depths[i])
			}
		}
	}
	return own
}

func earlierOne(own theorylaws.GraphFacts, _ theorylaws.GraphSource) theorylaws.GraphFacts {
	for i := range own.Ancestors {
		for k := range own.Ancestors {
			if own.Ancestors[i][k] >= 0 {
				own.Ancestors[i][k] = min(i, k)
			}
		}
	}
	return own
}

func repeatedArities(own theorylaws.GraphFacts, _ theorylaws.GraphSource) theorylaws.GraphFacts {
	own.Arities = nil
	for _, list := range own.DAG {
		if len(list) > 0 {
			own.Arities = append(own.Arities, len(list))
		}
	}
	slices.Sort(own.Arities)
	return own
}

package graphfile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"causalgrad/theory/graph"
	"causalgrad/theory/userfile"
)

// parseEdges reads lines "parent child", separated by blanks, commas, semicolons
// or tabs, as networkx.write_edgelist and pandas write them: attributes in
// braces or one weight may follow, a header may come first, and # begins a
// comment. A node alone on its line is a root (or a child of another line). A
// list that begins with -1 holds the parents themselves.
func parseEdges(text string, o Options) (Reading, error) {
	lines := edgeLines(text)
	if parents, ok := parentList(lines); ok {
		return parseParents(parents, o)
	}
	b := newBuilder()
	lines, reversed := withoutHeader(b, lines)
	if err := noEdges(lines); err != nil {
		return Reading{}, err
	}
	weighted := allHave(lines, 3)
	for _, l := range lines {
		if at := slices.IndexFunc(l.words, func(w string) bool { return arrow.MatchString(w) }); at >= 0 {
			return Reading{}, fmt.Errorf("line %d: %s: want \"parent child\"; edges with arrows are read as DOT, digraph { 0 -> 1; }, or DAGitty's dag { 0 -> 1 }",
				l.number, userfile.Printable(strings.Join(l.words, " ")))
		}
		switch n := len(l.words); {
		case n == 1:
			if l.braces {
				return Reading{}, fmt.Errorf("line %d: attributes without an edge; a multiline adjacency list is read from a file named .adjlist", l.number)
			}
			b.declare(l.words[0])
			continue
		case n == 2:
		case n == 3 && weighted:
			w, err := strconv.ParseFloat(l.words[2], 64)
			if err == nil && w == 0 {
				return Reading{}, fmt.Errorf("line %d: weight %q, want a number other than 0", l.number, userfile.Printable(l.words[2]))
			}
			if err != nil {
				return Reading{}, fmt.Errorf("line %d: %s: want \"parent child\" and a weight other than 0, or a header: %s", l.number,
					userfile.Printable(strings.Join(l.words, " ")), headerNames())
			}
		default:
			return Reading{}, fmt.Errorf("line %d: %d words, want \"parent child\" on every line, or with a weight on every line; a list of children for every parent is read from a file named .adjlist", l.number, n)
		}
		parent, child := l.words[0], l.words[1]
		if reversed {
			parent, child = child, parent
		}
		if err := b.edge(parent, child, l.number); err != nil {
			return Reading{}, err
		}
	}
	if weighted {
		b.note("column 3 is read as weights, which are left out")
	}
	if slices.ContainsFunc(lines, func(l edgeLine) bool { return l.attributes }) {
		b.note("attributes of edges are left out")
	}
	return b.graph(o)
}

// edgeLine is a line that is not empty.
type edgeLine struct {
	number     int
	words      []string
	empty      bool // the first word: a table's empty corner
	braces     bool // it ends in some
	attributes bool // with attributes in them
	table      bool // not only blanks between its words
}

// arrow is a word that draws an edge.
var arrow = regexp.MustCompile(`^(<|o)?[-=~.]+(>|o)?$`)

var braces = regexp.MustCompile(`\{[^{}]*\}\s*$`)

func edgeLines(text string) []edgeLine {
	var lines []edgeLine
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(line, "#")
		bare := braces.ReplaceAllString(line, "")
		attributes := strings.ContainsAny(strings.TrimPrefix(line, bare), ":=")
		words := strings.FieldsFunc(bare, func(r rune) bool { return strings.ContainsRune(" \t\n,;|", r) })
		for i, w := range words {
			words[i] = strings.Trim(w, `"`)
		}
		corner := len(words) > 1 && words[0] == ""
		if corner {
			words = words[1:]
		}
		if len(words) > 0 {
			lines = append(lines, edgeLine{n, words, corner || strings.ContainsRune(",;\t", rune(bare[0])), bare != line, attributes, strings.ContainsAny(bare, ",;|\t")})
		}
	}
	return lines
}

func allHave(lines []edgeLine, words int) bool {
	for _, l := range lines {
		if len(l.words) != words {
			return false
		}
	}
	return len(lines) > 0
}

// headers name the columns of a table of edges; the second kind is the other
// way round.
var headers, turned = [][2]string{{"source", "target"}, {"from", "to"}, {"parent", "child"}, {"cause", "effect"}, {"tail", "head"}, {"parent", "node"}},
	[][2]string{{"target", "source"}, {"to", "from"}, {"child", "parent"}, {"effect", "cause"}, {"head", "tail"}, {"node", "parent"}}

// headerNames are the headers as a message lists them.
func headerNames() string {
	var names []string
	for _, h := range headers {
		names = append(names, h[0]+","+h[1])
	}
	return strings.Join(names, " or ") + ", or the other way round"
}

// noEdges refuses words alone on their lines that are no positions: text of
// another kind.
func noEdges(lines []edgeLine) error {
	for _, l := range lines {
		if _, err := strconv.Atoi(l.words[0]); len(l.words) > 1 || err == nil {
			return nil
		}
	}
	if len(lines) == 0 {
		return nil // nothing at all is said elsewhere
	}
	return fmt.Errorf("no edge in it; a graph is read from %s", Formats)
}

// withoutHeader takes a header off, and the column that pandas counts rows in.
func withoutHeader(b *builder, lines []edgeLine) (rest []edgeLine, reversed bool) {
	if len(lines) == 0 || len(lines[0].words) < 2 {
		return lines, false
	}
	first := [2]string{strings.ToLower(lines[0].words[0]), strings.ToLower(lines[0].words[1])}
	reversed = slices.Contains(turned, first)
	if !reversed && !slices.Contains(headers, first) && !countedHeader(b, lines) {
		return lines, false
	}
	b.note("line %d is a header: column %s holds the parents", lines[0].number, map[bool]string{false: "1", true: "2"}[reversed])
	rest = slices.Clone(lines[1:])
	if lines[0].empty || rowNames(lines[0], rest) {
		for i, l := range rest {
			rest[i].words = l.words[1:]
		}
		b.note("the column without a name counts rows")
	}
	return rest, reversed
}

// countedHeader tells whether the first line, 0,1, is the header of a table without
// names, as pandas writes it: that is certain where the edge 0 -> 1 comes again.
func countedHeader(b *builder, lines []edgeLine) bool {
	first := lines[0]
	if !first.table || first.words[0] != "0" || !userfile.Counts(first.words) || len(lines) == 1 {
		return false
	}
	if slices.ContainsFunc(lines[1:], func(l edgeLine) bool { return len(l.words) > 1 && slices.Equal(l.words[:2], first.words[:2]) }) {
		return true
	}
	b.note("line %d is read as the edge 0 -> 1; a header that counts columns is to be left out (header=False in pandas)", first.number)
	return false
}

// rowNames tells whether R counted the rows: each has a word more than the header,
// and the first ones count.
func rowNames(header edgeLine, rows []edgeLine) bool {
	var first []string
	for _, l := range rows {
		if len(l.words) != len(header.words)+1 {
			return false
		}
		first = append(first, l.words[0])
	}
	return userfile.Counts(first)
}

// parentList tells whether lines are a list of parents, all on one line or one
// on each.
func parentList(lines []edgeLine) (words []string, ok bool) {
	if len(lines) == 0 {
		return nil, false
	}
	if v, err := strconv.ParseFloat(lines[0].words[0], 64); err != nil || v != graph.Root || len(lines) > 1 && !allHave(lines, 1) {
		return nil, false
	}
	for _, l := range lines {
		words = append(words, l.words...)
	}
	return words, true
}

func parseParents(words []string, o Options) (Reading, error) {
	parents := make([]float64, len(words))
	for i, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			return Reading{}, fmt.Errorf("parents[%d] = %q, want an integer", i, userfile.Printable(w))
		}
		parents[i] = v
	}
	return fromParents(parents, o)
}

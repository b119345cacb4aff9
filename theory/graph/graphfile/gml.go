package graphfile

import (
	"errors"
	"fmt"
	"html"
	"strings"

	"causalgrad/theory/userfile"
)

// parseGML reads one directed graph. Where every node has a label of its own,
// that is its name (networkx numbers the ids anew), else its id.
func parseGML(text string, o Options) (Reading, error) {
	p := gmlParser{words: gmlWords(text)}
	document, err := p.list(0)
	if err != nil {
		return Reading{}, err
	}
	graphs := document.all("graph")
	if len(graphs) != 1 {
		return Reading{}, fmt.Errorf("%d graphs, want one: graph [ directed 1 node [ id 0 ] edge [ source 0 target 1 ] ]", len(graphs))
	}
	if g := graphs[0]; g.text("directed") != "1" {
		return Reading{}, fmt.Errorf("line %d: the graph is not directed (directed 1): want edges from parent to child", g.line)
	}
	names, err := gmlNames(graphs[0].all("node"))
	if err != nil {
		return Reading{}, err
	}
	b := newBuilder()
	for _, node := range graphs[0].all("node") {
		b.declare(names[node.text("id")])
	}
	for _, e := range graphs[0].all("edge") {
		parent, okP := names[e.text("source")]
		child, okC := names[e.text("target")]
		if !okP || !okC {
			return Reading{}, fmt.Errorf("line %d: edge %s -> %s: not both are nodes",
				e.line, userfile.Printable(e.text("source")), userfile.Printable(e.text("target")))
		}
		if err := b.edge(parent, child, e.line); err != nil {
			return Reading{}, err
		}
	}
	return b.graph(o)
}

// gmlNames maps ids to names.
func gmlNames(nodes []gmlValue) (map[string]string, error) {
	ids, labels := map[string]string{}, map[string]bool{}
	for _, node := range nodes {
		id := node.text("id")
		if _, twice := ids[id]; twice || id == "" {
			return nil, fmt.Errorf("line %d: node id %q: missing or listed twice", node.line, userfile.Printable(id))
		}
		ids[id] = id
		if label := node.text("label"); label != "" {
			labels[label] = true
		}
	}
	if len(labels) == len(nodes) {
		for _, node := range nodes {
			ids[node.text("id")] = node.text("label")
		}
	}
	return ids, nil
}

// gmlValue is a word or a list of keys with values.
type gmlValue struct {
	line   int
	word   string
	keys   []string
	values []gmlValue
}

// all are the lists under a key.
func (v gmlValue) all(key string) []gmlValue {
	var list []gmlValue
	for i, k := range v.keys {
		if strings.EqualFold(k, key) && v.values[i].word == "" {
			list = append(list, v.values[i])
		}
	}
	return list
}

// text is the first word under a key, "" for none.
func (v gmlValue) text(key string) string {
	for i, k := range v.keys {
		if strings.EqualFold(k, key) {
			return v.values[i].word
		}
	}
	return ""
}

type gmlWord struct {
	text string
	line int
}

// gmlWords splits a text at blanks, brackets and quotes; # begins a comment.
func gmlWords(text string) []gmlWord {
	var words []gmlWord
	line := 1
	for len(text) > 0 {
		n := 1
		switch c := text[0]; {
		case c == '\n':
			line++
		case c == ' ' || c == '\t':
		case c == '#':
			n = strings.IndexByte(text+"\n", '\n')
		case c == '[' || c == ']':
			words = append(words, gmlWord{string(c), line})
		case c == '"':
			n = strings.IndexByte(text[1:]+"\"", '"') + 2
			n = min(n, len(text))
			words = append(words, gmlWord{"=" + html.UnescapeString(strings.Trim(text[:n], `"`)), line})
			line += strings.Count(text[:n], "\n")
		default:
			if n = strings.IndexAny(text, " \t\n[]\""); n < 0 {
				n = len(text)
			}
			words = append(words, gmlWord{"=" + text[:n], line})
		}
		text = text[n:]
	}
	return words
}

type gmlParser struct {
	words []gmlWord
	at    int
}

// maxDepth bounds the nesting of lists.
const maxDepth = 32

// list reads keys and values up to the end of the list, or of the text.
func (p *gmlParser) list(depth int) (gmlValue, error) {
	v := gmlValue{}
	if depth > maxDepth {
		return v, fmt.Errorf("nested more than %d deep", maxDepth)
	}
	if p.at > 0 {
		v.line = p.words[p.at-1].line
	}
	for p.at < len(p.words) {
		word := p.words[p.at]
		p.at++
		switch {
		case word.text == "]" && depth > 0:
			return v, nil
		case !strings.HasPrefix(word.text, "=") || p.at == len(p.words):
			return v, fmt.Errorf("line %d: want keys with values, key VALUE or key [ ... ]", word.line)
		}
		value := p.words[p.at]
		p.at++
		inner := gmlValue{line: value.line, word: strings.TrimPrefix(value.text, "=")}
		if value.text == "[" {
			var err error
			if inner, err = p.list(depth + 1); err != nil {
				return v, err
			}
		} else if value.text == "]" {
			return v, fmt.Errorf("line %d: key %s has no value", value.line, userfile.Printable(word.text[1:]))
		}
		v.keys, v.values = append(v.keys, word.text[1:]), append(v.values, inner)
	}
	if depth > 0 {
		return v, errors.New("a list is not closed: the file is truncated")
	}
	return v, nil
}

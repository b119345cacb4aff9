package graphfile

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"causalgrad/theory/userfile"
)

// dagittyToken are the parts of DAGitty's text: arrows of any kind, brackets,
// quoted and plain words.
var dagittyToken = regexp.MustCompile(`^(<->|<-|->|--|@->|<-@|@-@|@--|--@|[{}\[\]=,;]|"(\\.|[^"\\])*"|[^\s{}\[\]=,;"<>@-]+)`)

// parseDAGitty reads dag { a [exposure] a -> b <- c }. Other kinds of graphs,
// other arrows and hidden nodes are refused with their line.
func parseDAGitty(text string, o Options) (Reading, error) {
	p := dagitty{builder: newBuilder()}
	line := 1
	for len(text) > 0 {
		if text[0] == ' ' || text[0] == '\t' || text[0] == '\n' {
			if text[0] == '\n' {
				line++
			}
			text = text[1:]
			continue
		}
		token := dagittyToken.FindString(text)
		if token == "" {
			return Reading{}, fmt.Errorf("line %d: %q is not DAGitty's", line, userfile.Printable(text[:1]))
		}
		p.tokens = append(p.tokens, gmlWord{token, line})
		line += strings.Count(token, "\n")
		text = text[len(token):]
	}
	kind := p.next()
	if kind.text != "dag" {
		return Reading{}, fmt.Errorf("line %d: a %s, want a dag: every edge an arrow from parent to child",
			kind.line, userfile.Printable(kind.text))
	}
	if p.peek() != "{" {
		p.next() // the graph's name
	}
	if p.peek() != "{" {
		return Reading{}, errors.New("want dag { ... }")
	}
	p.next()
	if _, err := p.statements(0); err != nil {
		return Reading{}, err
	}
	if p.peek() != "" {
		return Reading{}, fmt.Errorf("line %d: more than one graph", p.next().line)
	}
	return p.graph(o)
}

type dagitty struct {
	*builder
	tokens []gmlWord
	at     int
}

// peek is the next token, "" at the end.
func (p *dagitty) peek() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at].text
	}
	return ""
}

func (p *dagitty) next() gmlWord {
	if p.at == len(p.tokens) {
		return gmlWord{line: p.lastLine()}
	}
	p.at++
	return p.tokens[p.at-1]
}

func (p *dagitty) lastLine() int {
	if p.at == 0 {
		return 1
	}
	return p.tokens[p.at-1].line
}

// statements reads up to the closing brace and returns the nodes that occur.
func (p *dagitty) statements(depth int) ([]string, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("line %d: nested more than %d deep", p.lastLine(), maxDepth)
	}
	var names []string
	for {
		switch p.peek() {
		case "":
			return nil, errors.New("the graph is not closed: the file is truncated")
		case "}":
			p.next()
			return names, nil
		case ";", ",":
			p.next()
			continue
		}
		found, err := p.chain(depth)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
}

// chain reads a -> b <- c, a node with its properties, or key="value".
func (p *dagitty) chain(depth int) ([]string, error) {
	if p.at+1 < len(p.tokens) && p.tokens[p.at+1].text == "=" {
		p.next()
		p.next()
		p.next()
		return nil, nil
	}
	from, err := p.term(depth)
	if err != nil {
		return nil, err
	}
	names := from
	lone := true
	for {
		arrow := p.peek()
		if !strings.ContainsAny(arrow, "-") || strings.HasPrefix(arrow, `"`) {
			break
		}
		lone = false
		line := p.next().line
		to, err := p.term(depth)
		if err != nil {
			return nil, err
		}
		if err := p.join(from, to, arrow, line); err != nil {
			return nil, err
		}
		names, from = append(names, to...), to
	}
	if lone && len(from) == 1 {
		p.declare(from[0])
	}
	return distinct(names), p.properties()
}

func (p *dagitty) join(from, to []string, arrow string, line int) error {
	for _, a := range from {
		for _, b := range to {
			var err error
			switch arrow {
			case "->":
				err = p.edge(a, b, line)
			case "<-":
				err = p.edge(b, a, line)
			case "<->":
				err = fmt.Errorf("line %d: edge %s <-> %s is bidirected (a hidden common cause): want an arrow from parent to child",
					line, userfile.Printable(a), userfile.Printable(b))
			default:
				err = fmt.Errorf("line %d: edge %s %s %s: want an arrow from parent to child",
					line, userfile.Printable(a), arrow, userfile.Printable(b))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// term reads a node or a group { a b }.
func (p *dagitty) term(depth int) ([]string, error) {
	word := p.next()
	if word.text == "{" {
		return p.statements(depth + 1)
	}
	if word.text == "" || strings.ContainsAny(word.text[:1], "[]}=,;<->@") {
		return nil, fmt.Errorf("line %d: %q, want a node", word.line, word.text)
	}
	name := unquote(word.text)
	p.name(name)
	return []string{name}, nil
}

// properties skips [exposure, pos="0,1"], and refuses a hidden node.
func (p *dagitty) properties() error {
	if p.peek() != "[" {
		return nil
	}
	for {
		switch word := p.next(); word.text {
		case "]":
			return nil
		case "":
			return errors.New("the graph is not closed: the file is truncated")
		case "latent", "l", "u", "unobserved":
			return fmt.Errorf("line %d: a latent node: want positions that are seen", word.line)
		}
	}
}

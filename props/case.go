package props

import (
	"encoding/json"
	"fmt"
	"strings"

	"causalgrad/impl/task"
	"causalgrad/props/outcome"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// question is what a law drew, in the command's own grammar, so that it can be
// pasted behind a command.
type question struct {
	Graph string      // after --graph; empty when the law needs none
	Chain [][]float64 // after --chain; nil when the law needs none
	Flags []string    // further flags, "--eps 0.01"
	Notes []string    // what no flag can say, in words
}

// forestQuestion is the case of most laws: one forest and one chain.
func forestQuestion(f graph.Forest, c *markov.Chain, flags ...string) question {
	return question{Graph: f.String(), Chain: c.Rows(), Flags: flags}
}

// taskQuestion is the case of a sampling law.
func taskQuestion(t task.Spec) question {
	c := question{Chain: t.Chain}
	if t.DAG != nil {
		text, err := json.Marshal(t.DAG)
		if err != nil {
			text = []byte(err.Error()) // integers always marshal
		}
		c.Graph = "dag:" + string(text)
	} else {
		c.Graph = "parents:" + strings.Trim(strings.ReplaceAll(fmt.Sprint(t.Parents), " ", ","), "[]")
	}
	if t.Chain == nil {
		prior := fmt.Sprintf("--prior dirichlet:%v", t.Alpha)
		if t.Gamma > 0 {
			prior = fmt.Sprintf("--prior floor:%v,%v", t.Alpha, t.Gamma)
		}
		c.Flags = append(c.Flags, fmt.Sprintf("--tokens %d", t.Tokens), prior)
	}
	return c
}

// With is the case with further flags.
func (c question) With(format string, args ...any) question {
	c.Flags = append(c.Flags[:len(c.Flags):len(c.Flags)], fmt.Sprintf(format, args...))
	return c
}

// Where is the case with something that no flag can say.
func (c question) Where(format string, args ...any) question {
	c.Notes = append(c.Notes[:len(c.Notes):len(c.Notes)], fmt.Sprintf(format, args...))
	return c
}

// String is the case as words of a command line. The notes follow a #, where a
// shell takes them for a comment.
func (c question) String() string {
	var words []string
	if c.Graph != "" {
		words = append(words, "--graph "+quoted(c.Graph))
	}
	if c.Chain != nil {
		text, err := json.Marshal(c.Chain)
		if err != nil { // a NaN in it
			text = fmt.Append(nil, c.Chain)
		}
		words = append(words, "--chain '"+string(text)+"'")
	}
	words = append(words, c.Flags...)
	if len(c.Notes) > 0 {
		words = append(words, "# "+strings.Join(c.Notes, ", "))
	}
	return strings.Join(words, " ")
}

// quoted protects a graph's brackets from a shell.
func quoted(text string) string {
	if strings.ContainsAny(text, "[]") {
		return "'" + text + "'"
	}
	return text
}

// violate ends the draw: the law does not hold on c.
func violate(t *rapid.T, c question, what, expected, got string) {
	fail(t, outcome.Counterexample{Case: c.String(), What: what, Expected: expected, Got: got})
}

// fail notes the counterexample and ends the draw with it.
func fail(t *rapid.T, x outcome.Counterexample) {
	if x.Kind == "" {
		x.Kind = outcome.WrongAnswer
	}
	if r := recorderOf(t); r != nil {
		r.counterexample = &x
	}
	t.Fatalf("%s", x)
}

package props

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

// ErrUnsupported says that a subject does not cover a question, which is no
// wrong answer: a subject returns it, wrapped with what is not covered, and the
// draw is left out and counted. What can be told beforehand belongs in a Scope.
var ErrUnsupported = errors.New("not covered")

// Scope is what a subject covers, one that has a method Scope() Scope; a zero
// field is no limit. Laws draw inside it, and what they leave out for it is
// counted in Result.LeftOut.
type Scope struct {
	Models     []string `json:"models,omitempty"`      // kinds of model.Spec: disentangled, reduced, transformer
	Priors     []string `json:"priors,omitempty"`      // dirichlet, floor, chain
	Graphs     []string `json:"graphs,omitempty"`      // forest, dag
	MaxParents int      `json:"max_parents,omitempty"` // of a position of a DAG
	MinTokens  int      `json:"min_tokens,omitempty"`  // S
	MaxTokens  int      `json:"max_tokens,omitempty"`
	MinLength  int      `json:"min_length,omitempty"` // T
	MaxLength  int      `json:"max_length,omitempty"`
}

// ScopeOf is what s says that it covers: everything where it says nothing.
func ScopeOf(s Subject) Scope {
	if scoped, ok := s.(interface{ Scope() Scope }); ok {
		return scoped.Scope()
	}
	return Scope{}
}

// Check returns an error that names the first field that cannot be meant.
func (c Scope) Check() error {
	for _, list := range []struct {
		field        string
		given, known []string
	}{
		{"models", c.Models, []string{model.KindDisentangled, model.KindReduced, model.KindTransformer}},
		{"priors", c.Priors, []string{"dirichlet", "floor", "chain"}},
		{"graphs", c.Graphs, []string{"forest", "dag"}},
	} {
		for _, name := range list.given {
			if !slices.Contains(list.known, name) {
				return fmt.Errorf("scope: %s has %q, want some of %s", list.field, name, strings.Join(list.known, ", "))
			}
		}
	}
	for _, size := range []struct {
		field               string
		least, most, sensed int
	}{
		{"tokens", c.MinTokens, c.MaxTokens, 2},
		{"length", c.MinLength, c.MaxLength, 2},
		{"parents", 0, c.MaxParents, 1},
	} {
		switch {
		case size.least < 0 || size.most < 0:
			return fmt.Errorf("scope: %s from %d to %d, want no negative number", size.field, size.least, size.most)
		case size.most > 0 && size.most < max(size.least, size.sensed):
			return fmt.Errorf("scope: at most %d %s, want at least %d", size.most, size.field, max(size.least, size.sensed))
		}
	}
	return nil
}

// includes reports whether a limit that lists names lets one through.
func includes(limit []string, name string) bool {
	return len(limit) == 0 || slices.Contains(limit, name)
}

// The methods below say why something is not covered; "" means that it is.

func (c Scope) tokens(n int) string {
	if n < c.MinTokens || c.MaxTokens > 0 && n > c.MaxTokens {
		return fmt.Sprintf("%d tokens are outside the scope", n)
	}
	return ""
}

func (c Scope) sizes(tokens, length int) string {
	if length < c.MinLength || c.MaxLength > 0 && length > c.MaxLength {
		return fmt.Sprintf("length %d is outside the scope", length)
	}
	return c.tokens(tokens)
}

func (c Scope) forest(f graph.Forest, tokens int) string {
	if !includes(c.Graphs, "forest") {
		return "forests are outside the scope"
	}
	return c.sizes(tokens, f.SequenceLength())
}

func (c Scope) task(t task.Spec) string {
	kind, prior := "forest", "dirichlet"
	if t.DAG != nil {
		kind = "dag"
	}
	switch {
	case t.Chain != nil:
		prior = "chain"
	case t.Gamma != 0:
		prior = "floor"
	}
	if !includes(c.Graphs, kind) {
		return kind + "s are outside the scope"
	}
	if !includes(c.Priors, prior) {
		return "the prior " + prior + " is outside the scope"
	}
	for _, parents := range t.DAG {
		if c.MaxParents > 0 && len(parents) > c.MaxParents {
			return fmt.Sprintf("%d parents are outside the scope", len(parents))
		}
	}
	return c.sizes(t.Tokens, t.Length)
}

func (c Scope) model(m model.Spec) string {
	if !includes(c.Models, m.Kind) {
		return "the " + m.Kind + " model is outside the scope"
	}
	return c.sizes(m.Tokens, m.Length)
}

// covered leaves the draw out if there is a reason.
func covered(t *rapid.T, reason string) {
	if reason != "" {
		leaveOut(t, outsideScope, reason)
	}
}

// The helpers below are for the laws' draws. They ask the scope of the run,
// which a draw carries in its context, so that no law has to.

// Sizes at which a law that draws smaller ones may still be asked: those of the
// paper's experiments. The oracles' work grows with powers of them.
const (
	largestTokens = 10
	largestLength = 20
)

// clip is the part of a range of sizes that a scope leaves: its least size where
// the scope begins above the range. A size that no draw can have leaves the
// draw out.
func clip(t *rapid.T, what string, least, most, low, high, largest int) (int, int) {
	from, to := max(least, low), most
	if r := recorderOf(t); low > most && low <= largest && r != nil && !r.small {
		to = low
	}
	if high > 0 {
		to = min(to, high)
	}
	if from > to {
		covered(t, fmt.Sprintf("%s %d to %d are outside the scope", what, least, most))
	}
	return from, to
}

func tokenRange(t *rapid.T, least, most int) (int, int) {
	c := scopeOf(t)
	least, most = clip(t, "tokens", least, most, c.MinTokens, c.MaxTokens, largestTokens)
	if least < most && pinned(t, fewestTokens) {
		return least, least
	}
	return least, most
}

func lengthRange(t *rapid.T, least, most int) (int, int) {
	c := scopeOf(t)
	least, most = clip(t, "lengths", least, most, c.MinLength, c.MaxLength, largestLength)
	if least < most && pinned(t, shortest) {
		return least, least
	}
	return least, most
}

// drawTokens draws S.
func drawTokens(t *rapid.T, least, most int) int {
	tokens := rapid.IntRange(tokenRange(t, least, most)).Draw(t, "tokens")
	met(t, fewestTokens, tokens == 2)
	return tokens
}

// drawLength draws T.
func drawLength(t *rapid.T, least, most int) int {
	length := rapid.IntRange(lengthRange(t, least, most)).Draw(t, "length")
	met(t, shortest, length == 3)
	return length
}

// kindsInScope are those of the kinds of models that are covered.
func kindsInScope(t *rapid.T, kinds []string) []string {
	c := scopeOf(t)
	kept := slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return !includes(c.Models, k) })
	if len(kept) == 0 {
		covered(t, "the "+strings.Join(kinds, " or ")+" model is outside the scope")
	}
	return kept
}

// needsGraph leaves the draw out if a kind of graph is not covered.
func needsGraph(t *rapid.T, kind string) {
	if !includes(scopeOf(t).Graphs, kind) {
		covered(t, kind+"s are outside the scope")
	}
}

// drawIsDAG chooses between a DAG and a forest.
func drawIsDAG(t *rapid.T) bool {
	switch c := scopeOf(t); {
	case !includes(c.Graphs, "dag"):
		return false
	case !includes(c.Graphs, "forest"):
		return true
	}
	return rapid.Bool().Draw(t, "dag")
}

// maxParents is the largest number of parents that a law may draw.
func maxParents(t *rapid.T, most int) int {
	if c := scopeOf(t); c.MaxParents > 0 {
		return min(most, c.MaxParents)
	}
	return most
}

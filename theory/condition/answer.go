package condition

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/theory/verdict"
)

// called are the hypotheses in a word or two.
var called = map[string]string{Graph: "a forest with an edge", StationaryRoots: "stationary roots", LowerBound: "lower bound on the transitions",
	NonDegeneracy: "non-degeneracy", Symmetry: "permutation symmetry", ConstantMean: "constant mean", EffectiveLength: "long enough"}

// Answer is the report in one sentence: whether theorem 1 speaks about the graph
// and the prior, and what the first step does. The theorem applies only where
// every hypothesis is shown to hold.
func (r Report) Answer() string {
	step := r.found()
	if r.Embedding != "" {
		return fmt.Sprintf("Theorem 1 speaks of orthogonal positions, not of the embedding %s; with it %s.", r.Embedding, step)
	}
	switch failing, open := r.hypothesesThat(verdict.Fails), r.hypothesesThat(verdict.Undecided); {
	case len(failing) > 0:
		if len(r.Observed) > 0 && (Table{Rows: r.Observed}).Count(verdict.Holds) == len(r.Observed) {
			step += " anyway"
		}
		return fmt.Sprintf("Theorem 1 does not apply: %s %s; %s.", explained(failing), plural(failing, "fails", "fail"), step)
	case len(open) > 0:
		return fmt.Sprintf("No hypothesis of theorem 1 fails, but whether it applies is open: %s %s undecided; %s.", explained(open), plural(open, "is", "are"), step)
	}
	return fmt.Sprintf("Theorem 1 applies: all its hypotheses hold; %s.", step)
}

// found says how many parents the exact first step finds.
func (r Report) found() string {
	t, all := Table{Rows: r.Observed}, len(r.Observed)
	if all == 0 {
		return "there is no parent to find"
	}
	right, open := t.Count(verdict.Holds), t.Count(verdict.Undecided)
	parents := counted(all, "parent")
	text := fmt.Sprintf("the first step finds %d of %s", right, parents)
	if right == all {
		text = "the first step finds all " + parents
		if all == 1 {
			text = "the first step finds the only parent"
		}
	}
	if self := lostToSelf(r.Observed); self > 0 {
		text += fmt.Sprintf(" (%d %s to the position itself)", self, map[bool]string{true: "loses", false: "lose"}[self == 1])
	}
	if open > 0 {
		text += fmt.Sprintf(" and leaves %d undecided", open)
	}
	return text
}

// Advice says what can be done about hypotheses that fail, where there is something.
func (r Report) Advice() []string {
	var list []string
	failing := r.hypothesesThat(verdict.Fails)
	if slices.Contains(failing, StationaryRoots) {
		list = append(list, "A0 holds with --roots stationary: roots are then drawn from the stationary distribution of each sequence's own chain.")
	}
	if alpha, ok := strings.CutPrefix(r.Prior, "dirichlet:"); ok && slices.Contains(failing, LowerBound) {
		list = append(list, fmt.Sprintf("A1 holds for --prior floor:%s,0.1, which keeps every transition above 0.1/S.", alpha))
	}
	mended := slices.DeleteFunc(failing, func(id string) bool { return id != Symmetry && id != ConstantMean })
	if len(mended) > 0 {
		list = append(list, fmt.Sprintf("%s %s for a prior that is closed under relabelling of rows and of columns: --prior orbit:FILE closes one chain, orbit:@FILE a list.",
			enumerated(mended), plural(mended, "holds", "hold")))
	}
	return list
}

// hypothesesThat lists the hypotheses with that verdict.
func (r Report) hypothesesThat(v verdict.Verdict) []string {
	var ids []string
	for _, f := range r.Findings {
		if f.Kind == Hypothesis && f.Verdict == v {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// explained lists identifiers with their names: "A3 (permutation symmetry) and A4 (constant mean)".
func explained(ids []string) string {
	var words []string
	for _, id := range ids {
		words = append(words, fmt.Sprintf("%s (%s)", id, called[id]))
	}
	return enumerated(words)
}

// enumerated joins words: "a", "a and b", "a, b and c".
func enumerated(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// counted is a number with its noun: "1 chain", "2 chains".
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

func plural(ids []string, one, several string) string {
	if len(ids) == 1 {
		return one
	}
	return several
}

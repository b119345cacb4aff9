package necessity

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNothingFoundNamesTheNearest: the first of the cells with the smallest
// lead, and the range of lengths and tokens from the first to the last cell.
func TestNothingFoundNamesTheNearest(t *testing.T) {
	o := Outcome{Condition: None, Kept: "all", Evaluations: 7, Cells: []Cell{
		{Length: 3, Tokens: 2, Smallest: 0.5, Forest: "one", Chain: "[1]", Prior: "p"},
		{Length: 4, Tokens: 2, Smallest: 0.25, Forest: "two", Chain: "[2]", Prior: "p"},
		{Length: 5, Tokens: 3, Smallest: 0.25, Forest: "three", Chain: "[3]", Prior: "p"},
	}}
	text := o.describe()
	require.Contains(t, text, "Nothing dropped, keeping all: no failure in 7 evaluations over T = 3 to 5, S = 2 to 3 ")
	require.Contains(t, text, "was 0.25 of its row's largest entry: T = 4, two, chain [2], p.")
	o.Cells = []Cell{{Length: 3, Tokens: 2, Smallest: math.Inf(1)}} // nothing was evaluated
	require.NotContains(t, o.describe(), "The smallest lead")
}

// TestFailuresInWords: who wins, and by how much.
func TestFailuresInWords(t *testing.T) {
	c := Counterexample{Child: 2, Parent: 1, Competitor: 0, ParentEntry: "1/3", CompetitorEntry: "1/2", Margin: -1. / 6}
	o := Outcome{Condition: LowerBound, Found: true, Counterexample: &c}
	require.Contains(t, o.describe(), "in row 2 the parent 1 loses to position 0, 1/3 against 1/2 (margin -0.1667, exact arithmetic)")
	c.Competitor, c.Tie = 2, true
	require.Contains(t, o.describe(), "the parent 1 ties with the child itself")
}

// TestWhatEachQuestionKeeps: the space and its words.
func TestWhatEachQuestionKeeps(t *testing.T) {
	for question, want := range map[string]string{
		None:            "A1 (gamma = 0.3), A2 (gamma = 0.3), A3 (with the relabelled copies), A4, T_eff >= 7",
		LowerBound:      "A2 (gamma = 0.3), A3 (with the relabelled copies), A4, T_eff >= 7",
		NonDegeneracy:   "A1 (gamma = 0.3), A3 (with the relabelled copies), A4, T_eff >= 7",
		Symmetry:        "A1 (gamma = 0.3), A2 (gamma = 0.3), A4, T_eff >= 7",
		ConstantMean:    "A1 (gamma = 0.3), A2 (gamma = 0.3), A3 (with the relabelled copies), T_eff >= 7",
		EffectiveLength: "A1 (gamma = 0.3), A2 (gamma = 0.3), A3 (with the relabelled copies), A4",
	} {
		s, err := newSpace(question, Options{}.withDefaults(question))
		require.NoError(t, err)
		require.Equal(t, want, s.kept(question), question)
	}
}

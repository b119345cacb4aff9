package evidence

import (
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/impl/sweep"
	"causalgrad/props"
	"causalgrad/props/outcome"

	"github.com/stretchr/testify/require"
)

// TestLearned: one sentence for each outcome of a training.
func TestLearned(t *testing.T) {
	block := func(weights ...float64) *measure.Edges {
		e := &measure.Edges{Mean: 0.9}
		for i, w := range weights {
			e.Weights = append(e.Weights, measure.EdgeWeight{Child: i + 1, Weight: w})
		}
		return e
	}
	losses := measure.Losses{Loss: measure.Mean{Value: 0.75, StdErr: 0.01}, OverCount: measure.Mean{Value: -0.02, StdErr: 0.001},
		Gap: measure.Mean{Value: 0.3, StdErr: 0.02}}
	const loss = "; loss 0.750(10) nats, 0.0200(10) below the count estimator and 0.300(20) above L*."
	for want, e := range map[string]experiment.EdgeReport{
		"The model learned the graph: the parent is the largest of its row for 2 of 2 edges (in the position block, mean weight 0.900)": {PositionBlock: block(0.9, 0.9), Accuracy: 1},
		"The model learned a part of the graph: the parent is the largest of its row for 1 of 2 edges (in the position block, mean weight " +
			"0.900)": {PositionBlock: block(0.9, 0.1), Accuracy: 0.5},
		"The model did not learn the graph: the parent is the largest of its row for 0 of 2 edges (on data, mean weight 0.900)":                 {Attention: *block(0.1, 0.1)},
		"The model has hardly begun to learn: every weight on a parent is still within a tenth of the uniform one (on data, mean weight 0.900)": {Attention: *block(0.5, 0.34), Accuracy: 1},
		"The graph has no edge to learn": {},
	} {
		require.Equal(t, want+loss, Learned(e, losses))
	}
}

// TestInferredAnswer: false edges are not counted as found.
func TestInferredAnswer(t *testing.T) {
	truth := func(p int) *int { return &p }
	d := Inferred{Sequences: 100, Positions: 4, Level: 0.05,
		Rows: []InferredRow{{Child: 1, Parent: -1, Truth: truth(0)}, {Child: 2, Parent: 1, Truth: truth(1)},
			{Child: 3, Parent: 0, Truth: truth(-1)}}}
	require.Equal(t, "The 100 sequences show 2 edges among 3 positions after the first, at a false-discovery rate of 0.05; "+
		"1 position undecided (a root, or too few sequences); of the 2 true edges they show 1, and 1 false edge.", d.Answer())
	require.Equal(t, "parents:-1,-1,1,0", d.Forest())
	points := []RecoveryPoint{{Sequences: 10, Edges: 3}, {Sequences: 90, Edges: 3, Recovered: 2, WrongParent: 1, Roots: 1}}
	require.Equal(t, "From 90 sequences 2 of 3 edges over the forests are recovered, with 1 wrong parents and 0 false edges at 1 root.",
		RecoveryAnswer(points))
}

// TestConformanceAnswer: what was not judged is never among what holds.
func TestConformanceAnswer(t *testing.T) {
	law := func(id string, v outcome.Verdict) LawOutcome {
		return LawOutcome{Result: props.Result{Law: props.Law{ID: id}, Verdict: v}}
	}
	for want, c := range map[string]Conformance{
		"All 2 laws that could be tried hold for mine; 3 not tried.": {Subject: "mine", Counts: Counts{Passed: 2, NotTried: 2, NotApplicable: 1}},
		"No law could be tried on mine; 1 could not be tested.":      {Subject: "mine", Counts: Counts{Error: 1}},
		"1 of 2 laws fails for mine: a (1 without an answer); 4 not judged when the run was stopped.": {Subject: "mine",
			Counts: Counts{Passed: 1, Failed: 1, Refused: 1}, Unjudged: 4,
			Laws: []LawOutcome{law("a", outcome.Failed), law("b", outcome.Passed)}},
	} {
		require.Equal(t, want, c.Answer())
	}
}

// TestSweepAnswer: cells without a record count for nothing, and those that have
// hardly begun are not among the learned.
func TestSweepAnswer(t *testing.T) {
	cell := func(index int, gap, accuracy float64, flat bool) SweepCell {
		return SweepCell{Index: index, Final: &measure.Losses{Gap: measure.Mean{Value: gap, StdErr: 0.01}}, Accuracy: &accuracy, flat: flat}
	}
	r := SweepReport{Cells: []SweepCell{cell(0, 0.2, 1, false), cell(1, 0.1, 1, true), {Index: 2}}, Absent: 1}
	require.Equal(t, "2 of 3 cells have a record; 1 learned every edge, 1 have hardly begun to learn; loss - L* is 0.100(10) in cell 1 "+
		"and 0.200(10) in cell 0.", r.Answer())
	r = SweepReport{Cells: []SweepCell{cell(0, 0.2, 1, false)}}
	require.Equal(t, "The one cell has a record; 1 learned every edge; loss - L* is 0.200(10) in cell 0.", r.Answer())
	require.Equal(t, "No cell has a record.", SweepReport{Cells: []SweepCell{{}}, Absent: 1}.Answer())
}

func TestSweepStateAnswer(t *testing.T) {
	s := SweepState{Total: 4, Counts: map[experiment.State]int{experiment.Done: 1, experiment.Running: 1, sweep.Queued: 2},
		Pace: &sweep.Pace{Ended: 1, Seconds: 60, Open: 3}}
	require.Equal(t, "1 of 4 cells are done, 1 running, 2 queued; since the last submission to Slurm 1 cell ended: 1 a minute, 3m0s left.",
		s.Answer())
	require.Equal(t, "0 of 1 cell is done.", SweepState{Total: 1}.Answer())
}

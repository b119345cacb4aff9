package evidence

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/impl/sweep"
	"causalgrad/props/outcome"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
	"causalgrad/theory/graph"
)

// Answers of the documents in one sentence each: what the one who asked wants to know
// first.

// Learned says whether a model learned its graph, and how its loss stands to the
// count estimator's and to L*.
func Learned(e experiment.EdgeReport, l measure.Losses) string {
	edges, where := judgedEdges(e)
	return learnedEdges(edges, e.Accuracy, where) + "; " + lossWords(l) + "."
}

// HardlyBegun tells that the attention of a model has hardly moved.
func HardlyBegun(e experiment.EdgeReport) bool {
	edges, _ := judgedEdges(e)
	return edges.Flat()
}

// judgedEdges are the edges that a model is judged by, and what they are.
func judgedEdges(e experiment.EdgeReport) (edges measure.Edges, where string) {
	if e.PositionBlock != nil {
		return *e.PositionBlock, "in the position block"
	}
	return e.Attention, "on data"
}

func learnedEdges(e measure.Edges, share float64, where string) string {
	all := len(e.Weights)
	right := int(math.Round(share * float64(all)))
	found := fmt.Sprintf("the parent is the largest of its row for %d of %s (%s, mean weight %.3f)", right, words.Counted(all, "edge"), where, e.Mean)
	switch {
	case all == 0:
		return "The graph has no edge to learn"
	case e.Flat():
		return fmt.Sprintf("The model has hardly begun to learn: every weight on a parent is still within a tenth of the uniform one (%s, mean weight %.3f)", where, e.Mean)
	case right == all:
		return "The model learned the graph: " + found
	case right == 0:
		return "The model did not learn the graph: " + found
	}
	return "The model learned a part of the graph: " + found
}

func lossWords(l measure.Losses) string {
	apart := func(m measure.Mean) string {
		if m.Value < 0 {
			return table.Measured(-m.Value, m.StdErr).String() + " below"
		}
		return table.Measured(m.Value, m.StdErr).String() + " above"
	}
	return fmt.Sprintf("loss %s nats, %s the count estimator and %s L*", table.Measured(l.Loss.Value, l.Loss.StdErr), apart(l.OverCount), apart(l.Gap))
}

// Forest is the inferred forest in the grammar of --graph; undecided positions stand
// as roots.
func (d Inferred) Forest() string {
	parents := make([]string, d.Positions)
	for i := range parents {
		parents[i] = fmt.Sprint(graph.Root)
	}
	for _, r := range d.Rows {
		parents[r.Child] = fmt.Sprint(r.Parent)
	}
	return "parents:" + strings.Join(parents, ",")
}

// Answer says how many edges the sequences show and, where the truth is known, how
// many of them are right.
func (d Inferred) Answer() string {
	edges, open, right, wrong, there := 0, 0, 0, 0, 0
	for _, r := range d.Rows {
		if r.Parent == graph.Root {
			open++
		} else {
			edges++
		}
		if r.Truth == nil {
			continue
		}
		if *r.Truth != graph.Root {
			there++
		}
		switch {
		case r.Parent == graph.Root:
		case r.Parent == *r.Truth:
			right++
		default:
			wrong++
		}
	}
	text := fmt.Sprintf("The %d sequences show %s among %s after the first, at a false-discovery rate of %g", d.Sequences,
		words.Counted(edges, "edge"), words.Counted(len(d.Rows), "position"), d.Level)
	if open > 0 {
		text += fmt.Sprintf("; %s undecided (a root, or too few sequences)", words.Counted(open, "position"))
	}
	if len(d.Rows) > 0 && d.Rows[0].Truth != nil {
		text += fmt.Sprintf("; of the %d true edges they show %d, and %s", there, right, words.Counted(wrong, "false edge"))
	}
	return text + "."
}

// RecoveryAnswer says what share of the edges the most sequences recover.
func RecoveryAnswer(points []RecoveryPoint) string {
	p := points[0]
	for _, other := range points {
		if other.Sequences > p.Sequences {
			p = other
		}
	}
	return fmt.Sprintf("From %d sequences %d of %s over the forests are recovered, with %d wrong parents and %d false edges at %s.",
		p.Sequences, p.Recovered, words.Counted(p.Edges, "edge"), p.WrongParent, p.FalseEdges, words.Counted(p.Roots, "root"))
}

// Answer says whether the laws hold, and names those that do not.
func (c Conformance) Answer() string {
	n := c.Counts
	tried := n.Passed + n.Failed
	text := fmt.Sprintf("All %s that could be tried hold for %s", words.Counted(tried, "law"), c.Subject)
	if tried == 1 {
		text = "The only law that could be tried holds for " + c.Subject
	}
	switch {
	case tried == 0:
		text = "No law could be tried on " + c.Subject
	case n.Failed > 0:
		var failed []string
		for _, l := range c.Laws {
			if l.Verdict == outcome.Failed {
				failed = append(failed, l.ID)
			}
		}
		verb := "fail"
		if n.Failed == 1 {
			verb = "fails"
		}
		text = fmt.Sprintf("%d of %s %s for %s: %s", n.Failed, words.Counted(tried, "law"), verb, c.Subject, words.Few(failed))
		if n.Refused > 0 {
			text += fmt.Sprintf(" (%d without an answer)", n.Refused)
		}
	}
	for _, rest := range []struct {
		n    int
		what string
	}{{n.untested(), "not tried"}, {n.Error, "could not be tested"}, {c.Unjudged, "not judged when the run was stopped"}} {
		if rest.n > 0 {
			text += fmt.Sprintf("; %d %s", rest.n, rest.what)
		}
	}
	return text + "."
}

// Answer says how many cells there are, how many learned their graph and between
// which losses they end.
func (r SweepReport) Answer() string {
	var done []SweepCell
	learned, judged := 0, 0
	for _, c := range r.Cells {
		if c.Final == nil {
			continue
		}
		done = append(done, c)
		if c.Accuracy != nil && !c.flat {
			judged++
			if *c.Accuracy == 1 {
				learned++
			}
		}
	}
	if len(done) == 0 {
		return "No cell has a record."
	}
	text := fmt.Sprintf("%d of %s have a record", len(done), words.Counted(len(r.Cells), "cell"))
	switch {
	case len(r.Cells) == 1:
		text = "The one cell has a record"
	case r.Absent == 0:
		text = fmt.Sprintf("All %s have a record", words.Counted(len(done), "cell"))
	}
	ends := slices.DeleteFunc(slices.Clone(done), func(c SweepCell) bool { return math.IsNaN(c.Final.Gap.Value) })
	text += "; " + tally(learned, len(done)-judged, len(done)-len(ends))
	if len(ends) == 0 {
		return text + "."
	}
	slices.SortStableFunc(ends, func(a, b SweepCell) int { return cmp.Compare(a.Final.Gap.Value, b.Final.Gap.Value) })
	gap := func(c SweepCell) string {
		return fmt.Sprintf("%s in cell %d%s", table.Measured(c.Final.Gap.Value, c.Final.Gap.StdErr), c.Index, r.label(c))
	}
	text += "; loss - L* is " + gap(ends[0])
	if len(ends) > 1 {
		text += " and " + gap(ends[len(ends)-1])
	}
	return text + "."
}

// tally says what became of trainings.
func tally(learned, flat, diverged int) string {
	text := fmt.Sprintf("%d learned every edge", learned)
	if flat > 0 {
		text += fmt.Sprintf(", %d have hardly begun to learn", flat)
	}
	if diverged > 0 {
		text += fmt.Sprintf(", %d diverged", diverged)
	}
	return text
}

// RecordsAnswer says how many of the runs learned their graph, and how the mean over
// the published forests compares, where it was compared.
func RecordsAnswer(records []experiment.Record, forests *ManyReport) string {
	var learned, flat, diverged int
	for _, r := range records {
		switch {
		case r.Diverged():
			diverged++
		case HardlyBegun(r.Edges):
			flat++
		case r.Edges.Accuracy == 1:
			learned++
		}
	}
	text := fmt.Sprintf("Of %s %s", words.Counted(len(records), "run"), tally(learned, flat, diverged))
	if forests != nil && forests.Mean.Test != nil {
		text += fmt.Sprintf("; the mean deficit over the published forests is %s: ours minus published %s, margin %g", forests.Mean.Test.Verdict,
			table.Measured(forests.Mean.Test.Diff, forests.Mean.Test.StdErr), ManyGraphsMargin)
	}
	return text + "."
}

// label is what sets a cell apart, in parentheses.
func (r SweepReport) label(c SweepCell) string {
	if len(r.Varied) == 0 {
		return ""
	}
	return " (" + sweep.Label(c.Spec, r.Varied) + ")"
}

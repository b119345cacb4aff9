package evidence

import (
	"fmt"
	"slices"
	"strconv"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/impl/sweep"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
)

// SweepSchema names the format of SweepReport and its version.
const SweepSchema = "causalgrad/sweep/1"

// SweepReport is a merged sweep: a function of the records' bits, whatever
// machine they come from.
type SweepReport struct {
	Schema string      `json:"schema"`
	Varied []string    `json:"varied"` // fields of the spec that differ between cells
	Cells  []SweepCell `json:"cells"`
	Absent int         `json:"absent"` // cells without a record
}

// SweepCell is one cell. All but Index, Spec and Hash is absent where there is no
// record. Losses are in nats.
type SweepCell struct {
	Index       int             `json:"cell"` // in the grid, from 0
	Spec        experiment.Spec `json:"spec"`
	Hash        string          `json:"spec_sha256"`
	Final       *measure.Losses `json:"final,omitempty"`
	EdgeMean    *float64        `json:"edge_mean,omitempty"` // of the position block, where the model has one
	EdgeMin     *float64        `json:"edge_min,omitempty"`
	Accuracy    *float64        `json:"argmax_accuracy,omitempty"`
	WeightsHash string          `json:"weights_sha256,omitempty"`

	flat bool // measure.Edges.Flat of the edges behind Accuracy
}

// NewSweepReport collects what the cells' records say.
func NewSweepReport(results []sweep.Result) SweepReport {
	report := SweepReport{Schema: SweepSchema, Varied: []string{}, Cells: []SweepCell{}}
	cells := make([]sweep.Cell, len(results))
	for i, r := range results {
		cells[i] = r.Cell
		c := SweepCell{Index: r.Cell.Index, Spec: r.Cell.Spec, Hash: r.Cell.Hash}
		if r.Record == nil {
			report.Absent++
		} else {
			c.Final, c.Accuracy, c.WeightsHash = &r.Record.Final, &r.Record.Edges.Accuracy, r.Record.WeightsHash
			c.flat = r.Record.Edges.Attention.Flat()
			if block := r.Record.Edges.PositionBlock; block != nil {
				c.EdgeMean, c.EdgeMin, c.flat = &block.Mean, &block.Min, block.Flat()
			}
		}
		report.Cells = append(report.Cells, c)
	}
	report.Varied = append(report.Varied, sweep.Varied(cells)...)
	return report
}

// SweepTable tabulates the cells that have a record: what sets each apart, its
// final loss beside L*, and the weight on the edges.
func SweepTable(report SweepReport) table.Table {
	t := table.Table{ID: "sweep", Keys: 1 + len(report.Varied), Title: "Cells of the sweep: final loss (nats) and attention on the edges",
		Columns: []table.Column{{Name: "cell", Align: table.Right}}}
	for _, name := range report.Varied {
		t.Columns = append(t.Columns, table.Column{Name: name, Align: variedAlign(report, name)})
	}
	for _, name := range []string{"final loss", "L*", "loss - L*", "edge weight", "smallest", "argmax right"} {
		t.Columns = append(t.Columns, table.Column{Name: name, Align: table.Decimal})
	}
	flat := false
	for _, c := range report.Cells {
		if c.Final == nil {
			continue
		}
		right := optional(c.Accuracy)
		if c.flat {
			flat, right = true, table.Text(tooFewSteps)
		}
		row := []table.Cell{table.Integer(c.Index)}
		for _, name := range report.Varied {
			row = append(row, variedCell(c.Spec, name))
		}
		t.Add(append(row, measured(c.Final.Loss), measured(c.Final.Irreducible), measured(c.Final.Gap),
			optional(c.EdgeMean), optional(c.EdgeMin), right)...)
	}
	t.Note("in parentheses the standard error in units of the last digits; the difference is paired; edge weight: softmax of the position-position block of A1, mean over the edges")
	if flat {
		t.Note(flatNote)
	}
	if report.Absent > 0 {
		t.Note(fmt.Sprintf("%d of %d cells have no record", report.Absent, len(report.Cells)))
	}
	return t
}

func optional(v *float64) table.Cell {
	if v == nil {
		return table.Text("-")
	}
	return table.Fixed(*v, 3)
}

// variedAlign puts numbers to the right.
func variedAlign(report SweepReport, name string) table.Align {
	for _, c := range report.Cells {
		if _, err := strconv.ParseFloat(sweep.Value(c.Spec, name), 64); err != nil {
			return table.Left
		}
	}
	return table.Right
}

func variedCell(s experiment.Spec, name string) table.Cell {
	text := sweep.Value(s, name)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return table.Integer(n)
	}
	return table.Text(text)
}

// SweepState is how far the cells of a sweep are.
type SweepState struct {
	Schema string                   `json:"schema"`
	Total  int                      `json:"total"`
	Counts map[experiment.State]int `json:"counts"` // every state, also those that no cell is in
	Cells  []SweepStanding          `json:"cells"`
	Pace   *sweep.Pace              `json:"pace,omitempty"` // of a sweep on Slurm, while cells run or wait
}

// SweepStanding is how far one cell is.
type SweepStanding struct {
	Index  int              `json:"cell"`
	Label  string           `json:"label"` // the varied fields
	Hash   string           `json:"spec_sha256"`
	State  experiment.State `json:"state"`
	Reason string           `json:"reason,omitempty"`
}

// NewSweepState joins the cells with their standings.
func NewSweepState(cells []sweep.Cell, all []sweep.Standing) SweepState {
	s := SweepState{Schema: "causalgrad/sweep-status/1", Total: len(cells), Counts: map[experiment.State]int{}, Cells: []SweepStanding{}}
	for _, state := range sweep.States() {
		s.Counts[state] = 0
	}
	varied := sweep.Varied(cells)
	for i, c := range cells {
		s.Counts[all[i].State]++
		s.Cells = append(s.Cells, SweepStanding{c.Index, sweep.Label(c.Spec, varied), c.Hash, all[i].State, all[i].Reason})
	}
	return s
}

// Answer says how many cells are done, in which states the others are, and how fast
// they go on.
func (s SweepState) Answer() string {
	verb := "are"
	if s.Total == 1 {
		verb = "is"
	}
	text := fmt.Sprintf("%d of %s %s done", s.Counts[experiment.Done], words.Counted(s.Total, "cell"), verb)
	for _, state := range sweep.States() {
		if n := s.Counts[state]; n > 0 && state != experiment.Done {
			text += fmt.Sprintf(", %d %s", n, state)
		}
	}
	if p := s.Pace; p != nil {
		text += fmt.Sprintf("; since the last submission to Slurm %s ended: %v", words.Counted(p.Ended, "cell"), p)
	}
	return text + "."
}

// shownCells of each state that is not done are listed by SweepStateTables.
const shownCells = 20

// SweepStateTables tabulates the counts, and the cells that are not done.
func SweepStateTables(s SweepState) []table.Table {
	counts := table.Table{ID: "sweep-status", Title: "Cells of the sweep by state", Columns: []table.Column{{Name: "state"}, {Name: "cells", Align: table.Right}}}
	open := table.Table{ID: "sweep-open", Title: "Cells of the sweep that are not done", Columns: []table.Column{{Name: "cell", Align: table.Right},
		{Name: "fields"}, {Name: "state"}, {Name: "reason"}}}
	for _, state := range sweep.States() {
		if state != sweep.Queued || s.Counts[state] > 0 {
			counts.Add(table.Text(string(state)), table.Integer(s.Counts[state]))
		}
	}
	counts.Add(table.Text("all"), table.Integer(s.Total))
	shown := map[experiment.State]int{}
	for _, c := range s.Cells {
		if c.State == experiment.Done {
			continue
		}
		if shown[c.State]++; shown[c.State] <= shownCells {
			open.Add(table.Integer(c.Index), table.Text(c.Label), table.Text(string(c.State)), table.Text(c.Reason))
		}
	}
	if len(open.Rows) == 0 {
		return []table.Table{counts}
	}
	if slices.ContainsFunc(sweep.States(), func(state experiment.State) bool { return shown[state] > shownCells }) {
		open.Note(fmt.Sprintf("the first %d cells in each state; --format json lists all", shownCells))
	}
	return []table.Table{counts, open}
}

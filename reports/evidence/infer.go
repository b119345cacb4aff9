package evidence

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/golden/stat"
	"causalgrad/impl/memory"
	"causalgrad/reports/table"
	"causalgrad/theory/graph"
	"causalgrad/theory/infer"
)

// InferOptions says how Infer decides.
type InferOptions struct {
	Shared     bool         `json:"shared_chain"`         // one chain for all sequences; every column is a position
	Weight     infer.Weight `json:"weight"`               // of the first-step estimator, when not Shared
	Eps        float64      `json:"eps"`                  // in the paper's weight
	Level      float64      `json:"false_discovery_rate"` // false-discovery rate q of the edges
	Confidence float64      `json:"confidence"`           // of the intervals, such as 0.95
}

// InferredRow is the verdict on one child.
type InferredRow struct {
	Child       int     `json:"child"`
	Parent      int     `json:"parent"` // -1 when undecided
	Winner      int     `json:"winner"`
	Competitor  int     `json:"competitor"` // -1: none
	Information float64 `json:"information"`
	InfoErr     float64 `json:"information_stderr"`
	Margin      float64 `json:"margin"`
	Low         float64 `json:"margin_low"`
	High        float64 `json:"margin_high"`
	P           float64 `json:"p"`
	Q           float64 `json:"q"`
	Verdict     string  `json:"verdict"` // edge or undecided
	ChowLiu     int     `json:"chow_liu"`
	Earlier     int     `json:"most_information_earlier"`
	Truth       *int    `json:"truth,omitempty"` // of simulated sequences
}

// Inferred is a forest read off sequences. Matrix is [i][k], k <= i: the means
// of the first-step products, or the chi-square information (Shared).
type Inferred struct {
	Estimator string        `json:"estimator"`
	Sequences int           `json:"sequences"`
	Tokens    int           `json:"tokens"`
	Source    string        `json:"tokens_source"` // where Tokens comes from
	Counts    []int         `json:"token_counts"`  // how often each token occurs
	Positions int           `json:"positions"`
	Level     float64       `json:"false_discovery_rate"`
	Rows      []InferredRow `json:"rows"`
	Matrix    [][]float64   `json:"matrix"`
	StdErr    [][]float64   `json:"matrix_stderr,omitempty"`
	Notes     []string      `json:"notes"`
}

// Infer estimates the forest behind sequences. Rows whose winner is not shown
// to be the row's largest, at false-discovery rate Level over the rows, are
// undecided: roots, or too few sequences. The Chow-Liu tree of the same
// positions, pooled over sequences, stands beside it.
func Infer(s infer.Sequences, o InferOptions) (Inferred, error) {
	if !(o.Confidence >= 0.5 && o.Confidence < 1) {
		return Inferred{}, fmt.Errorf("confidence = %v, want 0.5 to below 1", o.Confidence)
	}
	if err := planInfer(s, o); err != nil {
		return Inferred{}, err
	}
	d := Inferred{Sequences: s.N, Tokens: s.Tokens, Source: s.Source, Counts: s.Counts(), Positions: s.Columns, Level: o.Level,
		Notes: []string{}}
	var rows []infer.Row
	if o.Shared {
		if s.Columns < 2 {
			return Inferred{}, fmt.Errorf("%d columns, want at least 2 positions", s.Columns)
		}
		e := infer.SharedChain(s)
		d.Estimator, rows, d.Matrix = "shared-chain", e.Rows, e.Information
	} else {
		e, err := infer.FirstStep(s, o.Weight, o.Eps)
		if err != nil {
			return Inferred{}, err
		}
		d.Estimator, d.Positions, rows, d.Matrix, d.StdErr = "first-step, "+string(o.Weight)+" weight", s.Columns-2, e.Rows, e.Entries, e.StdErr
	}
	p := make([]float64, len(rows))
	for n, r := range rows {
		p[n] = r.P
		if r.Winner == r.Child {
			p[n] = 1 // the position itself wins: no parent is claimed
		}
	}
	corrected, err := stat.BenjaminiHochberg(p, o.Level)
	if err != nil {
		return Inferred{}, err
	}
	tree := infer.ChowLiu(s, d.Positions)
	for n, r := range rows {
		row := InferredRow{Child: r.Child, Parent: graph.Root, Winner: r.Winner, Competitor: r.Competitor, Information: r.Strength,
			InfoErr: r.StrengthErr,
			Margin:  r.Margin, P: p[n], Q: corrected.P[n], Verdict: "undecided", ChowLiu: tree.Parent[r.Child], Earlier: tree.Earlier[r.Child]}
		row.Low, row.High = r.Interval(s.N, o.Confidence)
		if corrected.Rejected[n] {
			row.Parent, row.Verdict = r.Winner, "edge"
		}
		d.Rows = append(d.Rows, row)
	}
	d.Notes = notes(s, d, o)
	return d, nil
}

// planInfer refuses what would take more memory than there is: five matrices over
// the positions or, of a shared chain, a table of S x S for every position before
// one.
func planInfer(s infer.Sequences, o InferOptions) error {
	columns, tokens := float64(s.Columns), float64(s.Tokens)
	need := 5 * 8 * columns * columns
	if o.Shared {
		need += float64(8 * columns * tokens * tokens)
	}
	return memory.Plan(need, fmt.Sprintf("sequences of %d columns over %d tokens", s.Columns, s.Tokens))
}

// notes say what the table cannot: what would make inference impossible.
func notes(s infer.Sequences, d Inferred, o InferOptions) []string {
	var list []string
	edges := 0
	for _, r := range d.Rows {
		if r.Verdict == "edge" {
			edges++
		}
	}
	if edges == 0 {
		list = append(list, "no edge is shown: too few sequences, a forest of roots, or no signal at all (chains of rank one; answers that "+
			"do not come from the sequence's own chain; tokens relabelled within a sequence), where no number of sequences helps")
	}
	if !o.Shared && o.Weight == infer.Gradient {
		list = append(list, "the paper's weight compares entries that differ by O(1/T) even in a root's row, and leaves the position "+
			"itself as a competitor, which needs a prior of constant mean: with many sequences, false edges at roots; the plain weight has "+
			"neither, but cannot decide position 1")
	}
	if !o.Shared && o.Weight == infer.Plain {
		list = append(list, "position 1 has one candidate and nothing to compare it with: undecided by construction")
	}
	for column := range d.Positions {
		if constant(s, column) {
			list = append(list, fmt.Sprintf("position %d carries one token in all sequences: nothing can be said about it", column))
		}
	}
	return list
}

func constant(s infer.Sequences, column int) bool {
	for n := range s.N {
		if s.Row(n)[column] != s.Row(0)[column] {
			return false
		}
	}
	return true
}

// Table shows the verdicts.
func (d Inferred) Table(confidence float64) table.Table {
	t := table.Table{ID: "inferred", Keys: 2, Title: fmt.Sprintf("Forest inferred from %d sequences of %d positions, S = %d (%s)",
		d.Sequences, d.Positions, d.Tokens, d.Estimator),
		Columns: []table.Column{{Name: "child", Align: table.Right}, {Name: "parent", Align: table.Right}, {Name: "verdict"},
			{Name: "information", Align: table.Decimal}, {Name: "margin", Align: table.Decimal}, {Name: "low",
				Align: table.Decimal}, {Name: "high", Align: table.Decimal},
			{Name: "over", Align: table.Right}, {Name: "q-value", Align: table.Decimal}, {Name: "Chow-Liu", Align: table.Right}, {Name: "earlier",
				Align: table.Right}}}
	simulated := len(d.Rows) > 0 && d.Rows[0].Truth != nil
	if simulated {
		t.Columns = append(t.Columns, table.Column{Name: "truth", Align: table.Right})
	}
	for _, r := range d.Rows {
		cells := []table.Cell{table.Integer(r.Child), position(r.Winner), table.Text(r.Verdict), table.Number(r.Information, 3),
			table.Number(r.Margin, 3), table.Number(r.Low, 3), table.Number(r.High, 3), position(r.Competitor), table.Number(r.Q,
				2), position(r.ChowLiu), position(r.Earlier)}
		if simulated {
			cells = append(cells, position(*r.Truth))
		}
		t.Add(cells...)
	}
	t.Note("information: the largest entry of the child's row, which estimates the chi-square information of parent and child; margin: " +
		"how far it is ahead of the competitor's")
	t.Note(fmt.Sprintf("S = %d: %s; tokens by how often they occur: %s", d.Tokens, d.Source, occurrences(d.Counts)))
	t.Note(fmt.Sprintf("undecided: the row's largest entry is not shown to be one (a root, or too few sequences); edges at a "+
		"false-discovery rate of %g (Benjamini-Hochberg); low and high: %g%% interval of the margin over the competitor in column "+
		"over", d.Level, 100*confidence))
	t.Note("Chow-Liu: maximum spanning tree of the mutual information pooled over sequences, rooted at position 0; earlier: the earlier " +
		"position with the most; neither can call a position a root")
	for _, n := range d.Notes {
		t.Note(n)
	}
	return t
}

// occurrences lists how often each token occurs, the first ones where there are
// many.
func occurrences(counts []int) string {
	const shown = 32
	var list []string
	for token, n := range counts[:min(len(counts), shown)] {
		list = append(list, fmt.Sprintf("%d: %d", token, n))
	}
	if len(counts) > shown {
		rest := counts[shown:]
		list = append(list, fmt.Sprintf("%d more tokens: %d to %d times", len(rest), slices.Min(rest), slices.Max(rest)))
	}
	return strings.Join(list, ", ")
}

func position(p int) table.Cell {
	if p == graph.Root {
		return table.Text("-")
	}
	return table.Integer(p)
}

package table_test

import (
	"fmt"
	"os"

	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// The table of the package comment.
func Example() {
	t := table.Table{
		ID:      "edge-attention",
		Title:   "Attention on the parent edge",
		Columns: []table.Column{{Name: "graph"}, {Name: "loss", Unit: "nats", Align: table.Decimal}, {Name: "verdict"}},
	}
	note := t.Note("mean over 65536 fresh sequences")
	t.Add(table.Text("chain"), table.Measured(0.65087, 0.0012).WithNote(note), table.Verdict(verdict.Holds))
	t.Add(table.Text("icl"), table.Measured(0.66312, 0.0009).WithNote(note), table.Verdict(verdict.Undecided))
	if err := table.Render(os.Stdout, table.FormatText, t); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Attention on the parent edge
	//
	//  graph      loss (nats)  verdict
	// ───────────────────────────────────
	//  chain  0.6509(12) [1]   holds
	//  icl    0.66312(90) [1]  undecided
	// ───────────────────────────────────
	//
	//  [1] mean over 65536 fresh sequences
}

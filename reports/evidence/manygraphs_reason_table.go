package evidence

import (
	"fmt"

	"causalgrad/reports/table"
)

// ReasonTable shows what was measured about the edges that the published runs
// did not learn, with the others that ours did not learn either when complete.
// Notes compare the two.
func ReasonTable(reasons []Reason, contrasts []ReasonContrast, complete bool) Result {
	t := table.Table{ID: "many-graphs-unlearned", Title: "Edges that the published runs did not learn: what was measured in ours", Columns: []table.Column{
		{Name: "forest", Align: table.Right}, {Name: "steps", Align: table.Right}, {Name: "edge"}, {Name: "published", Align: table.Decimal}, {Name: "ours", Align: table.Decimal},
		{Name: "x uniform", Align: table.Decimal}, {Name: "row argmax", Align: table.Right}, {Name: "on data", Align: table.Decimal},
		{Name: "earlier siblings", Align: table.Right}, {Name: "dependants", Align: table.Right},
		{Name: "gain", Align: table.Decimal}, {Name: "learned edges' gain", Align: table.Decimal}, {Name: "log-odds in 1000 steps", Align: table.Decimal}}}
	missing := false
	for _, r := range reasons {
		e := r.Edge
		if published, _ := e.Learned(); published && !complete {
			continue
		}
		gain, learned, pull := table.Text("-"), table.Text("-"), table.Text("-")
		if r.Weights {
			gain, learned, pull = table.Number(r.Gain, 2), table.Number(r.LearnedGain, 2), table.Number(r.Pull, 2)
		}
		missing = missing || !r.Weights
		t.Add(table.Integer(e.Trial), table.Integer(e.Steps), table.Text(fmt.Sprintf("%d -> %d", e.Child, e.Parent)), table.Fixed(e.Published, 3), table.Fixed(e.Ours.Mean, 3),
			table.Fixed(r.OverUniform, 2), table.Integer(e.Rival), table.Fixed(e.Attention, 3), table.Integer(r.Siblings), table.Integer(r.Dependants), gain, learned, pull)
	}
	t.Note("x uniform: our weight in units of 1/(child+1), a row without preference; row argmax: in most seeds; earlier siblings: children of the same parent before the child; dependants: positions below the child")
	t.Note(fmt.Sprintf("gain: fall of the loss (nats) when this row alone is set to 99%% on its parent; learned edges' gain: mean rise when the row of a learned edge of the forest is flattened; log-odds of the parent that 1000 more steps would add at the present gradient; %d fresh sequences, means over seeds", reasonSequences))
	if missing {
		t.Note("-: the weights are not there")
	}
	for _, c := range contrasts {
		t.Note(c.String())
	}
	return Result{t, true}
}

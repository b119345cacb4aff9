package evidence

import (
	"fmt"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/reports/table"
)

// WeightLosses tabulates the losses of given weights beside what the sequences
// allow.
func WeightLosses(r experiment.Record) table.Table {
	f := r.Final
	t := table.Table{ID: "losses", Title: fmt.Sprintf("Losses of the given weights (%s, S = %d, T = %d) on prior %s", r.Spec.Model, r.Spec.Tokens, r.Spec.Length, f.Prior),
		Columns: []table.Column{{Name: "quantity (nats)"}, {Name: "mean", Align: table.Decimal}}}
	for _, row := range []struct {
		name string
		mean measure.Mean
	}{{"loss", f.Loss}, {"L*, the mean entropy of the target", f.Irreducible}, {"loss - L*", f.Gap}, {"count estimator", f.Count},
		{"loss - count estimator", f.OverCount}, {"sup-norm error (a probability)", f.SupError}, {"of the count estimator", f.CountSup}} {
		t.Add(table.Text(row.name), measured(row.mean))
	}
	t.Note(fmt.Sprintf("means over %d fresh sequences, seed %d; standard errors in parentheses; differences are paired", f.Sequences, r.Spec.Seed))
	t.Note(exactCountNote)
	return t
}

// WeightEdges tabulates the attention on every edge in both senses of
// theory/README.md, section 7. Transformers with an MLP have no position block.
func WeightEdges(r experiment.Record) table.Table {
	t := table.Table{ID: "edges", Title: "First-layer attention of the given weights on the edges", Columns: []table.Column{
		{Name: "child", Align: table.Right}, {Name: "parent", Align: table.Right}, {Name: "head", Align: table.Right},
		{Name: "on data", Align: table.Decimal}, {Name: "argmax", Align: table.Right},
		{Name: "position block", Align: table.Decimal}, {Name: "its argmax", Align: table.Right}}}
	type edge struct{ child, parent, slot int }
	blocks := map[edge]measure.EdgeWeight{} // only looked up
	if r.Edges.PositionBlock != nil {
		for _, w := range r.Edges.PositionBlock.Weights {
			blocks[edge{w.Child, w.Parent, w.Slot}] = w
		}
	}
	for _, w := range r.Edges.Attention.Weights {
		block, argmax := table.Text("-"), table.Text("-")
		if b, ok := blocks[edge{w.Child, w.Parent, w.Slot}]; ok {
			block, argmax = table.Fixed(b.Weight, 4), table.Integer(b.Argmax)
		}
		t.Add(table.Integer(w.Child), table.Integer(w.Parent), table.Integer(w.Head), table.Fixed(w.Weight, 4), table.Integer(w.Argmax), block, argmax)
	}
	_, onData := argmaxRight(r.Edges.Attention, r.Edges.Attention.Accuracy)
	t.Note(fmt.Sprintf("on data: mean %.4f, %s", r.Edges.Attention.Mean, onData))
	if b := r.Edges.PositionBlock; b != nil {
		_, right := argmaxRight(*b, b.Accuracy)
		t.Note(fmt.Sprintf("position block, the softmax of the position-position scores alone: mean %.4f, %s", b.Mean, right))
	}
	return t
}

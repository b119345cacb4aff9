package evidence

import (
	"fmt"

	"causalgrad/golden/reference"
	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/reports/table"
)

// LossTable tabulates final losses beside L* and the count estimator (table c,
// first half).
func LossTable(records []experiment.Record) table.Table {
	t := table.Table{ID: "losses", Keys: 2, Title: "Final losses of the runs beside what the sequences allow (nats)", Columns: []table.Column{
		{Name: "run"}, {Name: "steps", Align: table.Right}, {Name: "loss", Align: table.Decimal}, {Name: "count estimator", Align: table.Decimal},
		{Name: "L*", Align: table.Decimal}, {Name: "loss - count", Align: table.Decimal}, {Name: "loss - L*", Align: table.Decimal},
		{Name: "seconds", Align: table.Right}}}
	for _, r := range records {
		f := r.Final
		t.Add(table.Text(runName(r, records)), table.Integer(r.Spec.Steps), measured(f.Loss), measured(f.Count), measured(f.Irreducible),
			measured(f.OverCount), measured(f.Gap), table.Fixed(r.Provenance.WallSeconds, 1))
	}
	if len(records) > 0 {
		t.Note(fmt.Sprintf("means over %d fresh sequences; in parentheses the standard error in units of the last digits; "+
			"differences are paired; L*: the mean entropy of the target's row, below which no predictor gets; "+
			"count estimator: frequencies on the graph's edges within the sequence, no floor", records[0].Final.Sequences))
		t.Note(exactCountNote)
	}
	return t
}

// runName is the spec's id, with the seed where several records share the id.
func runName(r experiment.Record, all []experiment.Record) string {
	for _, other := range all {
		if other.Spec.ID == r.Spec.ID && other.Spec.Seed != r.Spec.Seed {
			return fmt.Sprintf("%s, seed %d", r.Spec.ID, r.Spec.Seed)
		}
	}
	return r.Spec.ID
}

func measured(m measure.Mean) table.Cell { return table.Measured(m.Value, m.StdErr) }

// official is what is known of a run outside this project.
type official struct {
	steps  string
	weight float64 // mean position-block weight of the edges
}

// officialValues finds the published or official edge weight of a quick run.
func officialValues() (map[string]official, error) {
	known := map[string]official{}
	published, err := reference.ManyGraphs()
	if err != nil {
		return nil, err
	}
	for _, trial := range published.Trials {
		value := official{fmt.Sprintf("%d, published", published.Config.Steps), 1 - trial.Mean}
		known[fmt.Sprintf("quick-forest-%d", trial.Trial)] = value
		known[fmt.Sprintf("%s-%02d", runs.ManyGraphs, trial.Trial)] = value
	}
	trajectories, err := reference.Trajectories()
	if err != nil {
		return nil, err
	}
	for _, run := range trajectories {
		if run.RunName == "chain" {
			known["quick-chain"] = official{fmt.Sprintf("%d, official", run.Steps), run.Position.Mean}
		}
	}
	return known, nil
}

// EdgeWeightTable tabulates the attention on the edges in both senses of theory/README.md,
// section 7, beside the published figures (table c, second half).
func EdgeWeightTable(records []experiment.Record) (table.Table, error) {
	known, err := officialValues()
	if err != nil {
		return table.Table{}, err
	}
	t := table.Table{ID: "edges", Keys: 2, Title: "Attention of trained models on the edges", Columns: []table.Column{
		{Name: "run"}, {Name: "steps", Align: table.Right},
		{Name: "position block", Align: table.Decimal}, {Name: "smallest", Align: table.Decimal},
		{Name: "argmax right", Align: table.Decimal}, {Name: "on data", Align: table.Decimal},
		{Name: "theirs", Align: table.Decimal}, {Name: "their steps"}, {Name: "ours - theirs", Align: table.Decimal}}}
	flat := false
	for _, r := range records {
		block := r.Edges.PositionBlock
		if block == nil {
			continue
		}
		flat = flat || block.Flat()
		right, _ := argmaxRight(*block, block.Accuracy)
		theirs, steps, difference := table.Text("-"), table.Text("-"), table.Text("-")
		if o, ok := known[r.Spec.ID]; ok {
			theirs, steps, difference = table.Fixed(o.weight, 3), table.Text(o.steps), table.Fixed(block.Mean-o.weight, 3)
		}
		t.Add(table.Text(runName(r, records)), table.Integer(r.Spec.Steps), table.Fixed(block.Mean, 3), table.Fixed(block.Min, 3),
			right, table.Fixed(r.Edges.Attention.Mean, 3), theirs, steps, difference)
	}
	t.Note("position block: softmax of the position-position block of A1, mean weight on the parent over the edges, and the smallest; " +
		"argmax right: the share of edges whose child has its largest weight there on the parent; on data: mean actual attention; " +
		"theirs: the official implementation's position block, published or run; " +
		"where the step counts differ, a difference is not a disagreement")
	if flat {
		t.Note(flatNote)
	}
	return t, nil
}

// ShiftedTables tabulates out-of-distribution behaviour (table e): the losses, then
// the differences that two claims rest on, with the sup-norm errors.
func ShiftedTables(records []experiment.Record) []table.Table {
	losses := table.Table{ID: "shifted", Keys: 2, Title: "Losses of trained models out of distribution (nats)", Columns: []table.Column{
		{Name: "run"}, {Name: "test prior"}, {Name: "loss", Align: table.Decimal}, {Name: "count, matching", Align: table.Decimal},
		{Name: "count, training", Align: table.Decimal}, {Name: "L*", Align: table.Decimal}}}
	const title = "Errors of trained models out of distribution: differences (nats) and sup-norm errors"
	errors := table.Table{ID: "shifted-errors", Keys: 2, Title: title, Columns: []table.Column{
		{Name: "run"}, {Name: "test prior"}, {Name: "loss - matching", Align: table.Decimal}, {Name: "loss - training", Align: table.Decimal},
		{Name: "sup error", Align: table.Decimal}, {Name: "count's sup error", Align: table.Decimal},
		{Name: "calibration", Align: table.Decimal}, {Name: "count's calibration", Align: table.Decimal}}}
	rows, pooled := shiftedRows(records)
	for _, r := range rows {
		l := r.losses
		losses.Add(table.Text(r.name), table.Text(l.Prior),
			measured(l.Loss), measured(l.Count), measured(l.TrainingCount), measured(l.Irreducible))
		errors.Add(table.Text(r.name), table.Text(l.Prior), measured(l.OverCount), measured(l.OverTraining),
			measured(l.SupError), measured(l.CountSup), measured(l.Calibration), measured(l.CountCalibration))
	}
	if pooled {
		losses.Note("several runs: the mean over runs, with its standard error over runs; the records hold each")
	}
	losses.Note("matching: the count estimator with the test prior's pseudo-count (where it has none, the training one); " +
		"training: with the training prior's")
	losses.Note(exactCountNote)
	errors.Note("closeness to the estimator with the training pseudo-count says that the model keeps computing in-context counts; " +
		"closeness to the matching one, that it adapts to the prior; sup error: mean of max_s |f_s - y_s|; " +
		"calibration: expected calibration error of the likeliest token in 15 bins, to be compared with the count estimator's")
	return []table.Table{losses, errors}
}

package evidence

import (
	"context"
	"fmt"

	"causalgrad/golden/stat"
	"causalgrad/impl/construct"
	"causalgrad/impl/jsonfile"
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// SingleHead compares, on the two-parent graph, what one-head and two-head models
// reach in equal steps with the estimators that know one parent or both.
type SingleHead struct {
	Seed       uint64                  `json:"seed"`
	One        construct.Reached       `json:"one"` // heads 1,1
	Two        construct.Reached       `json:"two"` // heads 2,1
	Estimators construct.SingleParents `json:"estimators"`
}

// BestSingleParent is the loss of the best count estimator that knows one parent.
func (s SingleHead) BestSingleParent() measure.Mean { return s.Estimators.Slots[s.Estimators.Best] }

// TrainSingleHead trains both models once, on T = 32, S = 5, Dirichlet(0.1).
func TrainSingleHead(ctx context.Context, o ConstructionOptions) (SingleHead, error) {
	g, err := graph.TrigramHalf(32)
	if err != nil {
		return SingleHead{}, err
	}
	t, err := task.New(g, markov.Dirichlet{Size: 5, Alpha: 0.1})
	if err != nil {
		return SingleHead{}, err
	}
	s := SingleHead{Seed: o.Seed}
	if s.Estimators, err = construct.SingleParent(t, 0.1, construct.Options{Sequences: o.Sequences, Seed: o.Seed}); err != nil {
		return SingleHead{}, err
	}
	for _, run := range []struct {
		first int
		to    *construct.Reached
	}{{1, &s.One}, {2, &s.Two}} {
		if err := ctx.Err(); err != nil {
			return SingleHead{}, err
		}
		*run.to, err = construct.Train(t, construct.Training{Heads: []int{run.first, 1}, Steps: o.TrainSteps, Batch: 1024, Seed: o.Seed, TestSequences: o.Sequences})
		if err != nil {
			return SingleHead{}, err
		}
		run.to.Params = nil // nobody asks for them
	}
	return s, nil
}

// Table has a row a predictor.
func (s SingleHead) Table() table.Table {
	t := table.Table{ID: "single-head", Title: "Two parents (trigram-half, T = 32, S = 5): what one parent and one head reach (nats)",
		Columns: []table.Column{{Name: "predictor"}, {Name: "loss", Align: table.Decimal}, {Name: "steps", Align: table.Right}, {Name: "heads"}}}
	for _, r := range []construct.Reached{s.One, s.Two} {
		t.Add(table.Text("trained"), measured(r.Losses.Loss), table.Integer(r.Steps), table.Text(fmt.Sprintf("%d,%d", r.Heads[0], r.Heads[1])))
	}
	dash := table.Text("-")
	for slot, loss := range s.Estimators.Slots {
		name := fmt.Sprintf("count estimator of parent %d alone", slot)
		if slot == s.Estimators.Best {
			name += " (best single parent)"
		}
		t.Add(table.Text(name), measured(loss), dash, dash)
	}
	t.Add(table.Text("count estimator of both parents"), measured(s.Estimators.Count), dash, dash)
	t.Add(table.Text("L*"), measured(s.Estimators.Irreducible), dash, dash)
	t.Note("one run each, AdamW at the official rate with cosine decay over these steps; what one run reached bounds no other: that one head cannot do it is not a theorem")
	return t
}

// SingleHeads are several seeds of the comparison.
type SingleHeads []SingleHead

// Gaps are by how much the one-head model ends above the two-head model, of each seed.
func (all SingleHeads) Gaps() []float64 {
	var gaps []float64
	for _, s := range all {
		gaps = append(gaps, s.One.Losses.Loss.Value-s.Two.Losses.Loss.Value)
	}
	return gaps
}

// Answer says how far one head ends above two, and which of them get below the best
// estimator of one parent.
func (all SingleHeads) Answer() string {
	var one, two int
	for _, s := range all {
		if s.One.Losses.Loss.Value < s.BestSingleParent().Value {
			one++
		}
		if s.Two.Losses.Loss.Value < s.BestSingleParent().Value {
			two++
		}
	}
	gap := fmt.Sprintf("%.4f nats above two", all.Gaps()[0])
	if p, err := stat.PredictionInterval(all.Gaps(), stat.RateConfidence); err == nil {
		gap = fmt.Sprintf("%s nats above two in the mean over %d seeds (one more seed: %.4f to %.4f)",
			table.Measured(p.Mean, p.StdErr), len(all), p.Interval.Lo, p.Interval.Hi)
	}
	return fmt.Sprintf("After %s one head ends %s; of %s one head gets below the best estimator of one parent in %d, two heads in %d.",
		words.Counted(all[0].One.Steps, "step"), gap, words.Counted(len(all), "seed"), one, two)
}

// Table has a row a seed, and below them where one more is expected.
func (all SingleHeads) Table() table.Table {
	t := table.Table{ID: "single-head-seeds", Title: "Two parents: one head and two over seeds (nats)", Columns: []table.Column{
		{Name: "seed"}, {Name: "one head", Align: table.Decimal}, {Name: "two heads", Align: table.Decimal}, {Name: "difference", Align: table.Decimal}, {Name: "one more seed's difference"}}}
	for i, s := range all {
		t.Add(table.Text(fmt.Sprint(s.Seed)), measured(s.One.Losses.Loss), measured(s.Two.Losses.Loss), table.Fixed(all.Gaps()[i], 4), table.Text("-"))
	}
	if len(all) > 1 {
		dash := table.Text("-")
		t.Add(append([]table.Cell{table.Text("mean"), dash, dash}, predicted(all.Gaps(), 4)...)...)
	}
	t.Note(fmt.Sprintf("%d steps; the last column: 95%% prediction interval of one more seed, Student's t", all[0].One.Steps))
	return t
}

// HeadSchema names the JSON document of recorded comparisons and its version.
const HeadSchema = "causalgrad/heads/1"

// RecordedHeads reads such a document, as causalgrad heads writes it.
func RecordedHeads(data []byte) (SingleHeads, error) {
	var d struct {
		Schema string      `json:"schema"`
		Runs   SingleHeads `json:"runs"`
	}
	if err := jsonfile.Decode(data, &d); err != nil {
		return nil, fmt.Errorf("one head and two: %w", err)
	}
	if d.Schema != HeadSchema {
		return nil, fmt.Errorf("one head and two: schema %q, want %q", d.Schema, HeadSchema)
	}
	return d.Runs, nil
}

// CompareHeads is the comparison at o's seed, the recorded one where there is one of as
// many steps and otherwise trained now, and behind it the recorded ones of other seeds.
func CompareHeads(ctx context.Context, o ConstructionOptions, recorded SingleHeads) (SingleHeads, error) {
	var own, others SingleHeads
	for _, r := range recorded {
		switch {
		case r.One.Steps != o.TrainSteps:
		case r.Seed == o.Seed:
			own = SingleHeads{r}
		default:
			others = append(others, r)
		}
	}
	if own == nil {
		trained, err := TrainSingleHead(ctx, o)
		if err != nil {
			return nil, err
		}
		own = SingleHeads{trained}
	}
	return append(own, others...), nil
}

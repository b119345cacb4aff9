package construct

import (
	"fmt"

	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
)

// SingleParents compares the count estimators that see one parent with the one
// that sees all: what a predictor that follows a single edge can reach.
type SingleParents struct {
	Slots       []measure.Mean `json:"slots"` // loss of the estimator that sees parent slot j, nats
	Best        int            `json:"best"`  // the slot with the smallest loss: the official notebook's "One NN" line
	Count       measure.Mean   `json:"count"` // all parents
	Irreducible measure.Mean   `json:"irreducible"`
}

// SingleParent measures task.SingleParentEstimate for each of the target's
// parents, with pseudo-count alpha > 0.
func SingleParent(t task.Task, alpha float64, o Options) (SingleParents, error) {
	g, ok := t.Graph().(graph.DAG)
	if !ok {
		return SingleParents{}, fmt.Errorf("graph %v: want a graph with several parents", t.Graph())
	}
	if !(alpha > 0 && alpha <= 1e6) {
		return SingleParents{}, fmt.Errorf("alpha = %v, want above 0 and at most 1e6", alpha)
	}
	if err := o.check(); err != nil {
		return SingleParents{}, err
	}
	slots := len(g.Target())
	losses := make([][]float64, slots+2) // then the full estimator, then H(y)
	for i := range losses {
		losses[i] = make([]float64, o.Sequences)
	}
	measure.ForEachShard(t, o.on(measuring), func() func(int, *task.Batch) {
		estimate := make([]float64, measure.ShardSize*t.Tokens())
		return func(from int, b *task.Batch) {
			for j := range slots + 1 {
				if j == slots {
					t.CountEstimate(b, alpha, estimate)
				} else if err := task.SingleParentEstimate(g, j, b, alpha, estimate); err != nil {
					panic(err) // the slot is one of the target's
				}
				for n := range b.N {
					losses[j][from+n] = task.CrossEntropy(b.Target(n), estimate[n*b.S:(n+1)*b.S])
				}
			}
			for n := range b.N {
				losses[slots+1][from+n] = task.Entropy(b.Target(n))
			}
		}
	})
	r := SingleParents{Count: mean(losses[slots]), Irreducible: mean(losses[slots+1])}
	for j := range slots {
		r.Slots = append(r.Slots, mean(losses[j]))
		if r.Slots[j].Value < r.Slots[r.Best].Value {
			r.Best = j
		}
	}
	return r, nil
}

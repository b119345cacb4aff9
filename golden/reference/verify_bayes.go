package reference

import (
	"fmt"

	"causalgrad/impl/task"
)

// An estimate is S quotients of counts plus alpha and their sum, a loss N S
// logarithms and products: below N S + T + S roundings a side, and each of N S
// + T + S < 4000 is 2 x 4000 x 2^-53 < 1e-12.
const (
	countTolerance    = 1e-12
	countToleranceWhy = "fewer than 4000 roundings a side: 2 x 4000 x 2^-53"
)

// check compares both count estimators, their losses and where they differ.
func (b *Bayes) check(Options) ([]Row, error) {
	var count, countLoss, wrapped, wrappedLoss, differ comparison
	var known []Row
	for i, item := range b.Items {
		name := fmt.Sprintf("items[%d] (%s)", i, item.ItemName)
		t, err := item.Problem.Task()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		ours, wrap := item.estimates(t)
		count.add(name, ours, item.NoWrap)
		countLoss.add(name, []float64{meanLoss(item.Batch, ours)}, []float64{item.LossNoWrap})
		wrapped.add(name, wrap, item.Official)
		wrappedLoss.add(name, []float64{meanLoss(item.Batch, wrap)}, []float64{item.LossOfficial})
		differ.add(name, []float64{float64(rowsThatDiffer(ours, wrap, item.Batch.S))}, []float64{float64(item.Differ)})
		if item.Differ > 0 {
			known = append(known, item.discrepancy(name, ours))
		}
	}
	return append([]Row{
		count.rounding("count estimator", countTolerance, countToleranceWhy),
		countLoss.rounding("count estimator's loss", countTolerance, countToleranceWhy),
		wrapped.rounding("count estimator with the official wrap", countTolerance, countToleranceWhy),
		wrappedLoss.rounding("its loss", countTolerance, countToleranceWhy),
		differ.exact("sequences on which the two differ", "a count"),
	}, known...), nil
}

// estimates is the count estimator without and with the official wrap.
func (i BayesItem) estimates(t task.Task) (ours, wrapped []float64) {
	ours = make([]float64, i.Batch.N*i.Batch.S)
	t.CountEstimate(i.Batch, i.Problem.Alpha, ours)
	f, ok := i.Problem.forest()
	if !ok {
		return ours, ours // a DAG's estimator has no wrap
	}
	wrapped = make([]float64, len(ours))
	task.WrappedCountEstimate(f, i.Batch, i.Problem.Alpha, wrapped)
	return ours, wrapped
}

// discrepancy reports the official estimator against ours where they differ.
func (i BayesItem) discrepancy(name string, ours []float64) Row {
	var c comparison
	c.add(name, i.Official, ours)
	return c.information("known discrepancy: official wrap, "+name, fmt.Sprintf(
		"a root counts as a child of the last prefix position: loss %.6g with the wrap, %.6g without, %d of %d sequences differ",
		i.LossOfficial, i.LossNoWrap, i.Differ, i.Batch.N))
}

func meanLoss(b *task.Batch, f []float64) float64 {
	sum := 0.0
	for n := range b.N {
		sum += task.CrossEntropy(b.Target(n), f[n*b.S:(n+1)*b.S])
	}
	return sum / float64(b.N)
}

func rowsThatDiffer(a, b []float64, size int) int {
	rows := 0
	for at := 0; at < len(a); at += size {
		for v := at; v < at+size; v++ {
			if a[v] != b[v] {
				rows++
				break
			}
		}
	}
	return rows
}

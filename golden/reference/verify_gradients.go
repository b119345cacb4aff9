package reference

import (
	"fmt"

	"causalgrad/theory/chisq"
	"causalgrad/theory/firststep"
)

// Signal and information are sums of S^2 products of matrices with at most T
// factors, the gradient is within 4e-14 of its largest entry (see firststep):
// 1e-12 bounds either for S, T <= 32.
const (
	theoryTolerance    = 1e-12
	theoryToleranceWhy = "T products of S x S matrices without cancellation, gradient within 4e-14 (firststep): below 1e-12"
)

// check compares signal, chi-square information and the exact gradient.
func (g *Gradients) check(Options) ([]Row, error) {
	var signal, information, gradient comparison
	for i, e := range g.Examples {
		name := fmt.Sprintf("[%d]", i)
		m := chisq.Compute(e.Forest, e.Chain)
		exact, err := firststep.Gradient(e.Forest, e.Chain, e.Eps)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		signal.add(name+".signal", flatten(m.Signal), flatten(e.Signal))
		information.add(name+".chi2", flatten(m.Information), flatten(e.Information))
		gradient.add(name+".gradient", flatten(exact), flatten(e.Gradient))
	}
	return []Row{
		signal.rounding("signal", theoryTolerance, theoryToleranceWhy),
		information.rounding("chi-square information", theoryTolerance, theoryToleranceWhy),
		gradient.rounding("first-step gradient", theoryTolerance, theoryToleranceWhy),
	}, nil
}

func flatten(rows [][]float64) []float64 {
	var flat []float64
	for _, row := range rows {
		flat = append(flat, row...)
	}
	return flat
}

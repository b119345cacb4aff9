package evidence

import (
	"errors"
	"fmt"

	"causalgrad/golden/stat"
)

// ReasonContrast compares a quantity between the edges that the published runs
// never learned and those that only ours had not learned (yet).
type ReasonContrast struct {
	Quantity    string  `json:"quantity"`
	Never       int     `json:"never"` // edges that the published runs did not learn
	Later       int     `json:"later"` // edges that only ours did not
	NeverMedian float64 `json:"never_median"`
	LaterMedian float64 `json:"later_median"`
	P           float64 `json:"p"` // Mann-Whitney, corrected (Holm) over the quantities
}

// String is the contrast in a sentence.
func (c ReasonContrast) String() string {
	return fmt.Sprintf("%s: median %.2g over the %d edges that the published runs never learned, %.2g over the %d that only ours had not learned (Mann-Whitney, Holm-corrected P %.2g)",
		c.Quantity, c.NeverMedian, c.Never, c.LaterMedian, c.Later, c.P)
}

// ReasonContrasts says which of the measured quantities tell the edges that the
// published runs never learned from those that merely come late. None where one
// of the two kinds is missing. Of several numbers of steps the largest is taken,
// so that no edge counts twice.
func ReasonContrasts(reasons []Reason) ([]ReasonContrast, error) {
	quantities := []struct {
		name  string
		needs bool // the weights
		of    func(Reason) float64
	}{
		{"position of the child", false, func(r Reason) float64 { return float64(r.Edge.Child) }},
		{"position of the parent", false, func(r Reason) float64 { return float64(r.Edge.Parent) }},
		{"earlier siblings", false, func(r Reason) float64 { return float64(r.Siblings) }},
		{"weight over uniform", false, func(r Reason) float64 { return r.OverUniform }},
		{"gain", true, func(r Reason) float64 { return r.Gain }},
		{"log-odds in 1000 steps", true, func(r Reason) float64 { return r.Pull }},
	}
	steps := 0
	for _, r := range reasons {
		steps = max(steps, r.Edge.Steps)
	}
	var contrasts []ReasonContrast
	var p []float64
	for _, q := range quantities {
		var never, later []float64
		for _, r := range reasons {
			if r.Edge.Steps != steps || q.needs && !r.Weights {
				continue
			}
			if published, _ := r.Edge.Learned(); published {
				later = append(later, q.of(r))
			} else {
				never = append(never, q.of(r))
			}
		}
		if len(never) == 0 || len(later) == 0 {
			continue
		}
		test, err := stat.MannWhitney(never, later, manyGraphsAlpha)
		if errors.Is(err, stat.ErrNoSpread) {
			continue // the quantity is the same for all edges: it tells nothing
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		contrasts = append(contrasts, ReasonContrast{q.name, len(never), len(later), middle(never), middle(later), test.P})
		p = append(p, test.P)
	}
	if len(p) == 0 {
		return nil, nil
	}
	corrected, err := stat.Holm(p, manyGraphsAlpha)
	if err != nil {
		return nil, err
	}
	for i := range contrasts {
		contrasts[i].P = corrected.P[i]
	}
	return contrasts, nil
}

package stat

import (
	"cmp"
	"fmt"
	"slices"
)

// Corrected holds p-values corrected for their number, in the order given.
type Corrected struct {
	P        []float64 `json:"p"`        // adjusted
	Rejected []bool    `json:"rejected"` // P[i] <= Alpha
	Alpha    float64   `json:"alpha"`
}

// Holm corrects p-values, dependent in any way, so that the probability of one
// or more false rejections is at most alpha.
//
// S. Holm, Scand. J. Stat. 6 (1979) 65-70.
func Holm(p []float64, alpha float64) (Corrected, error) {
	order, err := correctable(p, alpha)
	if err != nil {
		return Corrected{}, err
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	c := Corrected{P: make([]float64, len(p)), Rejected: make([]bool, len(p)), Alpha: alpha}
	var reached float64 // adjusted values never fall along the order
	for k, i := range order {
		reached = max(reached, min(1, float64(len(p)-k)*p[i]))
		c.P[i], c.Rejected[i] = reached, reached <= alpha
	}
	return c, nil
}

// correctable checks p-values and a level, and returns the indices 0 to len(p)-1.
func correctable(p []float64, level float64) ([]int, error) {
	if err := checkAlpha(level); err != nil {
		return nil, err
	}
	if len(p) == 0 {
		return nil, fmt.Errorf("stat: p has 0 values, expected at least 1")
	}
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("stat: p[%d] is %v, expected a number in [0, 1]", i, v)
		}
		order[i] = i
	}
	return order, nil
}

package stat

import (
	"cmp"
	"slices"
)

// BenjaminiHochberg corrects p-values so that the expected share of false ones
// among the rejections is at most q, when they are independent or positively
// dependent. P of the result are the q-values.
//
// Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300.
func BenjaminiHochberg(p []float64, q float64) (Corrected, error) {
	order, err := correctable(p, q)
	if err != nil {
		return Corrected{}, err
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) }) // largest first
	c := Corrected{P: make([]float64, len(p)), Rejected: make([]bool, len(p)), Alpha: q}
	reached := 1.0
	for k, i := range order {
		rank := float64(len(p) - k)
		reached = min(reached, p[i]*float64(len(p))/rank)
		c.P[i], c.Rejected[i] = reached, reached <= q
	}
	return c, nil
}

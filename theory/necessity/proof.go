package necessity

import (
	"errors"
	"math/big"

	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
)

// proof compares, without rounding, the parent's entry of the worst row with
// its strongest competitor's, both averaged over the prior.
type proof struct {
	child, parent, competitor int
	parentEntry, rival        *big.Rat
	margin                    *big.Rat // parentEntry - rival
	relative                  *big.Rat // margin over the row's largest magnitude
}

// prove evaluates a candidate in rational arithmetic (firststep.Rational, an
// enumeration that shares nothing with the search's gradient). The worst row
// is the one with the smallest margin relative to its largest magnitude. roots is the
// distribution of the roots' tokens, nil for the stationary one.
func prove(f graph.Forest, c Construction, rows [][]*big.Rat, roots []*big.Rat) (proof, error) {
	list := members(c, rows, func(v *big.Rat) *big.Rat {
		return new(big.Rat).Sub(big.NewRat(2, int64(len(rows))), v)
	})
	var mean [][]*big.Rat
	weight := big.NewRat(1, int64(len(list)))
	for _, member := range list {
		g, err := firststep.RationalFrom(f, member, roots, nil)
		if err != nil {
			return proof{}, err
		}
		for i, row := range g {
			if len(mean) <= i {
				mean = append(mean, make([]*big.Rat, len(row)))
			}
			for k, v := range row {
				if mean[i][k] == nil {
					mean[i][k] = new(big.Rat)
				}
				mean[i][k].Add(mean[i][k], v.Mul(v, weight))
			}
		}
	}
	var worst proof
	for _, e := range f.Edges() {
		if p := proveRow(mean[e.Child], e); worst.margin == nil || p.relative.Cmp(worst.relative) < 0 {
			worst = p
		}
	}
	if worst.margin == nil {
		return proof{}, errors.New("necessity: the forest has no edge")
	}
	return worst, nil
}

// proveRow finds the strongest competitor of one row.
func proveRow(row []*big.Rat, e graph.Edge) proof {
	p := proof{child: e.Child, parent: e.Parent, parentEntry: row[e.Parent]}
	largest := new(big.Rat)
	for k := range e.Child + 1 {
		if size := new(big.Rat).Abs(row[k]); size.Cmp(largest) > 0 {
			largest = size
		}
		if k != e.Parent && (p.rival == nil || row[k].Cmp(p.rival) > 0) {
			p.rival, p.competitor = row[k], k
		}
	}
	p.margin = new(big.Rat).Sub(p.parentEntry, p.rival)
	if largest.Sign() == 0 {
		largest.SetInt64(1) // a row of zeros: every margin is 0
	}
	p.relative = new(big.Rat).Quo(p.margin, largest)
	return p
}

// rationalRows are floating-point rows as they stand.
func rationalRows(rows [][]float64) [][]*big.Rat {
	out := make([][]*big.Rat, len(rows))
	for a, row := range rows {
		for _, v := range row {
			out[a] = append(out[a], new(big.Rat).SetFloat64(v))
		}
	}
	return out
}

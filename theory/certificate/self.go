package certificate

import (
	"errors"
	"fmt"
	"math/big"

	"causalgrad/theory/verdict"
)

// rows are the corners of a cell of S = 3, [row][corner][token], over a common
// denominator.
type rows [3][3][3]int64

// claim is what a cell says of the margin against the child itself: at least
// (holds) or at most (fails) bound over BoundDenominator.
type claim struct {
	verdict verdict.Verdict
	bound   int64
}

// excess is the form of (margin - bound) tau[0] tau[1] tau[2] times a positive
// number, of degree 4 in the weights of each row. The margin is
//
//	I + 1 - tr(pi) = sum_(a != b) tau[a] pi[a][b]^2 / tau[b] - sum_a pi[a][a] (1 - pi[a][a]),
//
// the stationary distribution being proportional to tau, the sums over spanning
// trees: tau[a] = pi[b][a] pi[c][a] + pi[b][a] pi[c][b] + pi[b][c] pi[c][a]. At an irreducible
// chain the tau are positive and the form has the sign of margin - bound.
func excess(cell *rows, denominator, bound int64) *form {
	var pi [3][3]*form
	for a := range 3 {
		for b := range 3 {
			pi[a][b] = linear(a, [3]int64{cell[a][0][b], cell[a][1][b], cell[a][2][b]})
		}
	}
	var tau, square, positive, negative [3]*form
	for a := range 3 {
		b, c := (a+1)%3, (a+2)%3
		tau[a] = pi[b][a].times(pi[c][a]).plus(pi[b][a].times(pi[c][b])).plus(pi[b][c].times(pi[c][a]))
		square[a] = tau[a].times(tau[a])
	}
	all := tau[0].times(tau[1]).times(tau[2])
	// In multiples of denominator^2 BoundDenominator.
	scale := big.NewInt(-BoundDenominator)
	for a := range 3 {
		b, c := (a+1)%3, (a+2)%3
		// 1 - pi[a][a] is the sum of the other two entries.
		q := pi[a][a].times(pi[a][b]).plus(pi[a][a].times(pi[a][c])).scaled(scale)
		if a == 0 {
			constant := new(big.Int).Mul(big.NewInt(-bound), big.NewInt(denominator))
			q.plus(one(0).raised(0).scaled(constant.Mul(constant, big.NewInt(denominator))))
		}
		negative[a] = all.times(q)
		// Over tau[0] tau[1] tau[2] the two terms of rows b and c have the third tau, of a.
		left := square[b].times(tau[a]).times(pi[b][c].times(pi[b][c]))
		right := square[c].times(tau[a]).times(pi[c][b].times(pi[c][b]))
		positive[a] = left.plus(right).scaled(big.NewInt(BoundDenominator))
	}
	// negative[a] has degree 4 in row a and 2 in the others, positive[a] 2 in row a
	// and 3 in the others; what shares a row to be raised in is added first.
	f342 := positive[2].raised(1).plus(negative[1].raised(0))
	f442 := f342.raised(0).plus(negative[0].raised(1, 1))
	f234 := positive[0].raised(2).plus(negative[2].raised(1))
	f334 := f234.raised(0).plus(positive[1].raised(2).raised(1))
	return f334.raised(0, 1).plus(f442.raised(2, 2))
}

// mostHalvings is how often a cell is halved in all directions before Check gives up.
const mostHalvings = 24

// checkSelf proves a claim, halving the cell where the signs of the coefficients
// do not decide, and returns the number of pieces. Otherwise the error names a
// chain of the cell for which the claim is false, or says that none was found.
func checkSelf(cell rows, denominator int64, c claim) (pieces int, err error) {
	return checkPiece(cell, denominator, c, mostHalvings)
}

func checkPiece(cell rows, denominator int64, c claim, halvings int) (pieces int, err error) {
	negative, positive := excess(&cell, denominator, c.bound).signs()
	if c.verdict == verdict.Holds && !negative || c.verdict == verdict.Fails && !positive {
		return 1, nil
	}
	if err := refute(cell, denominator, c); err != nil {
		return 1, err
	}
	if halvings == 0 {
		return 1, errors.New("not confirmed, though no chain was found for which it is false")
	}
	first, second, denominator := halves(cell, denominator)
	for _, half := range []rows{first, second} {
		n, err := checkPiece(half, denominator, c, halvings-1)
		pieces += n
		if err != nil {
			return pieces, err
		}
	}
	return pieces, nil
}

// refute tries the corners of the cell.
func refute(cell rows, denominator int64, c claim) error {
	for i := range 27 {
		chain := [3][3]int64{cell[0][i/9], cell[1][i/3%3], cell[2][i%3]}
		margin, ok := selfMargin(chain, denominator)
		if !ok {
			continue // reducible
		}
		difference := new(big.Rat).Sub(margin, big.NewRat(c.bound, BoundDenominator))
		if s := difference.Sign(); c.verdict == verdict.Holds && s < 0 || c.verdict == verdict.Fails && s > 0 {
			return fmt.Errorf("the chain %v/%d has margin %s", chain, denominator, decimal(margin))
		}
	}
	return nil
}

// selfMargin is the margin of one chain against the child itself by its
// definition; ok is false where a stationary probability is 0.
func selfMargin(chain [3][3]int64, unit int64) (margin *big.Rat, ok bool) {
	var pi [3][3]*big.Rat
	for a := range 3 {
		for b := range 3 {
			pi[a][b] = big.NewRat(chain[a][b], unit)
		}
	}
	var mu [3]*big.Rat // up to a factor
	for a := range 3 {
		b, c := (a+1)%3, (a+2)%3
		mu[a] = sum(product(pi[b][a], pi[c][a]), product(pi[b][a], pi[c][b]), product(pi[b][c], pi[c][a]))
		if mu[a].Sign() == 0 {
			return nil, false
		}
	}
	margin = new(big.Rat)
	for a := range 3 {
		margin.Sub(margin, pi[a][a])
		for b := range 3 {
			margin.Add(margin, product(mu[a], pi[a][b], pi[a][b], new(big.Rat).Inv(mu[b])))
		}
	}
	return margin, true
}

func product(factors ...*big.Rat) *big.Rat {
	out := big.NewRat(1, 1)
	for _, x := range factors {
		out.Mul(out, x)
	}
	return out
}

func sum(terms ...*big.Rat) *big.Rat {
	out := new(big.Rat)
	for _, x := range terms {
		out.Add(out, x)
	}
	return out
}

// decimal is x to six digits, for a person to read.
func decimal(x *big.Rat) string {
	v, _ := x.Float64()
	return fmt.Sprintf("%.6g", v)
}

// halves cuts a cell at the middle of the longest edge of its longest row, over
// twice the denominator.
func halves(cell rows, denominator int64) (first, second rows, doubled int64) {
	row, from, to, longest := 0, 0, 1, int64(-1)
	for a := range 3 {
		for v := range 3 {
			for w := v + 1; w < 3; w++ {
				length := int64(0)
				for b := range 3 {
					d := cell[a][v][b] - cell[a][w][b]
					length += d * d
				}
				if length > longest {
					row, from, to, longest = a, v, w, length
				}
			}
		}
	}
	for a := range 3 {
		for v := range 3 {
			for b := range 3 {
				first[a][v][b] = 2 * cell[a][v][b]
			}
		}
	}
	second = first
	for b := range 3 {
		middle := cell[row][from][b] + cell[row][to][b]
		first[row][to][b], second[row][from][b] = middle, middle
	}
	return first, second, 2 * denominator
}

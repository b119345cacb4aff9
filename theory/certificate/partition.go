package certificate

import (
	"errors"
	"math/big"
	"slices"
)

// box is a set of chains: the corners of each row, [row][corner][token].
type box [][][]int64

// starts are the boxes that a certificate's cells are pieces of, with the number
// of images that each stands for. For S = 3 halve each row a where entries a+1
// and a+2 (mod 3) are equal. A renaming of the tokens permutes the eight products
// of halves: a cyclic one rotates the choices of a half, a transposition reverses
// and exchanges them, so the two products of like choices are one class and the
// other six another. One of each class is divided.
func starts(tokens int, denominator int64) (boxes []box, images []int64) {
	whole := make(box, tokens)
	for a := range whole {
		whole[a] = make([][]int64, tokens)
		for v := range tokens {
			whole[a][v] = make([]int64, tokens)
			whole[a][v][(a+v)%tokens] = denominator
		}
	}
	if tokens == 2 {
		return []box{whole}, []int64{1}
	}
	alike, mixed := slices.Clone(whole), slices.Clone(whole)
	for a := range 3 {
		first, second, _ := halve(whole, a) // the denominator is even
		alike[a], mixed[a] = first[a], first[a]
		if a == 2 {
			mixed[a] = second[a]
		}
	}
	return []box{alike, mixed}, []int64{2, 6}
}

// halve cuts a box at the middle of the longest edge of row a, the first of
// equals, lengths being measured in the entries off the diagonal; ok tells that
// the middle is a multiple of 1/denominator.
func halve(b box, a int) (first, second box, ok bool) {
	from, to, longest := 0, 1, int64(-1)
	for v := range b[a] {
		for w := v + 1; w < len(b[a]); w++ {
			length := int64(0)
			for t := range b[a] {
				if d := b[a][v][t] - b[a][w][t]; t != a {
					length += d * d
				}
			}
			if length > longest {
				from, to, longest = v, w, length
			}
		}
	}
	middle := make([]int64, len(b))
	for t := range middle {
		sum := b[a][from][t] + b[a][to][t]
		if sum%2 != 0 {
			return nil, nil, false
		}
		middle[t] = sum / 2
	}
	first, second = slices.Clone(b), slices.Clone(b)
	first[a], second[a] = slices.Clone(b[a]), slices.Clone(b[a])
	first[a][to], second[a][from] = middle, middle
	return first, second, true
}

// equal tells whether two boxes have the same corners, row by row.
func (b box) equal(c box) bool {
	for a := range b {
		for v := range b[a] {
			if !slices.Equal(b[a][v], c[a][v]) {
				return false
			}
		}
	}
	return true
}

// contains tells whether c lies in b, by the corners of c.
func (b box) contains(c box) bool {
	for a := range b {
		for _, v := range c[a] {
			if !within(b[a], v) {
				return false
			}
		}
	}
	return true
}

// within tells whether a row lies in the hull of an interval's or a triangle's corners.
func within(corners [][]int64, row []int64) bool {
	if len(corners) == 2 {
		return min(corners[0][0], corners[1][0]) <= row[0] && row[0] <= max(corners[0][0], corners[1][0])
	}
	left, right := false, false
	for v := range 3 {
		side := area(corners[v], corners[(v+1)%3], row)
		left, right = left || side > 0, right || side < 0
	}
	return !(left && right)
}

// area is twice the signed area of a triangle of rows, over denominator^2.
func area(u, v, w []int64) int64 {
	return (v[0]-u[0])*(w[1]-u[1]) - (v[1]-u[1])*(w[0]-u[0])
}

// volume is a box's share of all chains, times denominator^2 (S = 2) or ^6: the
// area of a whole triangle is denominator^2/2, which area doubles.
func (b box) volume() *big.Int {
	volume := big.NewInt(1)
	for a := range b {
		size := b[a][0][0] - b[a][1][0]
		if len(b) == 3 {
			size = area(b[a][0], b[a][1], b[a][2])
		}
		volume.Mul(volume, big.NewInt(max(size, -size)))
	}
	return volume
}

// pieces proves that the cells, given by their indices, are different pieces of
// a box whose rows are halved again and again in some order, so that no chain
// inside is counted twice, or names a cell that is not.
func pieces(b box, cells []box, indices []int) (wrong int, err error) {
	if len(indices) == 0 || len(indices) == 1 && b.equal(cells[indices[0]]) {
		return 0, nil
	}
	for a := range b {
		if first, second, left, right, ok := divide(b, a, cells, indices); ok {
			if wrong, err := pieces(first, cells, left); err != nil {
				return wrong, err
			}
			return pieces(second, cells, right)
		}
	}
	return indices[0], errors.New("overlaps others or is no piece of the chains halved again and again")
}

// divide halves row a; ok tells that this is exact and every cell lies in one of
// the halves.
func divide(b box, a int, cells []box, indices []int) (first, second box, left, right []int, ok bool) {
	first, second, ok = halve(b, a)
	if !ok {
		return nil, nil, nil, nil, false
	}
	for _, i := range indices {
		switch {
		case first.contains(cells[i]):
			left = append(left, i)
		case second.contains(cells[i]):
			right = append(right, i)
		default:
			return nil, nil, nil, nil, false
		}
	}
	return first, second, left, right, true
}

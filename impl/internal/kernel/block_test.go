package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// fixture is a random table and a block of random sequences.
type fixture struct {
	Shape
	random         *rand.Rand
	table          []float64
	tokens         [][]uint16
	block          *Block
	e, scale, term Rows
}

// blockSize is the number of sequences in a fixture.
const blockSize = 3

// rowsOf is a row of the width for each sequence, with a gap between two.
func rowsOf(numbers func(n int) []float64, width int) Rows {
	const gap = 2
	return Rows{numbers(blockSize*(width+gap) - gap), width + gap}
}

func zeros(n int) []float64 { return make([]float64, n) }

func (f *fixture) normals(n int) []float64 { return normals(f.random, n) }

func newFixture(t, s int, seed uint64) *fixture {
	f := &fixture{Shape: NewShape(t, s), random: rand.New(rand.NewPCG(seed, 9))}
	f.table = make([]float64, f.Table())
	for i := range t {
		for a := range s {
			row := f.table[f.At(i, a):]
			for k := range i + 1 {
				row[k] = f.random.ExpFloat64()
			}
			for b := range s {
				row[f.Length+b] = f.random.ExpFloat64()
			}
		}
	}
	empty := f.table[f.Empty():]
	empty[0] = 1
	for b := range s {
		empty[f.Length+b] = 1
	}
	f.block = NewBlock(f.Shape, blockSize+1)
	var all []uint16
	for i := range blockSize {
		for range t {
			all = append(all, uint16(f.random.IntN(s)))
		}
		f.tokens = append(f.tokens, all[i*t:])
	}
	f.block.Set(all)
	for i := range f.block.scratch { // dirty: a kernel must not count on it
		f.block.scratch[i] = f.random.NormFloat64()
	}
	f.e, f.scale = rowsOf(f.normals, f.Triangle()), rowsOf(f.normals, f.Length)
	f.term = rowsOf(f.normals, TermSize*f.Length)
	for i := range blockSize {
		for r := range Rank {
			clear(f.vector(i, Left+r)[t:])
		}
		clear(f.vector(i, Left+2)[:f.Length-Lanes])
	}
	f.block.Build(f.e, f.scale, f.table)
	return f
}

// vector is a vector of sequence i's term.
func (f *fixture) vector(i, which int) []float64 {
	return f.term.From(which * f.Length).Row(i)[:f.Length]
}

// weight is the definition of e(j, k) in sequence i.
func (f *fixture) weight(i, j, k int) float64 {
	row := f.table[f.At(j, int(f.tokens[i][j])):]
	return row[k] * row[f.Length+int(f.tokens[i][k])]
}

// copies returns copies of vectors, one behind the other.
func copies(vectors ...[]float64) []float64 {
	var all []float64
	for _, v := range vectors {
		all = append(all, v...)
	}
	return all
}

func eachShape(t *testing.T, check func(t *testing.T, f *fixture)) {
	for _, length := range []int{3, 4, 5, 6, 7, 8, 19, 20, 32, 33} {
		for _, tokens := range []int{2, 3, 4, 5, 10, 21} {
			t.Run(fmt.Sprintf("T=%d,S=%d", length, tokens), func(t *testing.T) {
				check(t, newFixture(length, tokens, uint64(length*100+tokens)))
			})
		}
	}
}

// requireNear bounds the distance of two sums of at most n terms, in any order
// and with any fusing: at most 4n roundings of numbers below size.
func requireNear(t *testing.T, want, got float64, n int, size float64, what ...any) {
	t.Helper()
	require.LessOrEqual(t, math.Abs(want-got), 4*float64(n)*size*0x1p-53, what...)
}

func TestBuild(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		eachVariant(t, func() []float64 {
			f.block.Build(f.e, f.scale, f.table)
			for i := range blockSize {
				for j := range f.T {
					sum := 0.0
					for k := range (j/Lanes + 1) * Lanes {
						want := 0.0
						if k <= j {
							want = f.weight(i, j, k)
						}
						require.Equal(t, want, f.e.Row(i)[Index(j, k)], "(%d, %d)", j, k)
						sum += want
					}
					requireNear(t, 1/sum, f.scale.Row(i)[j], f.T, 1/sum)
				}
			}
			return copies(f.e.Data, f.scale.Data)
		})
	})
}

func TestOverKeys(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		w, start := rowsOf(f.normals, f.Length), rowsOf(f.normals, f.Length)
		eachVariant(t, func() []float64 {
			out, total := rowsOf(zeros, f.Length), Rows{copies(start.Data), start.Step}
			f.block.OverKeys(out, total, f.e, w, f.scale)
			for i := range blockSize {
				for j := range f.T {
					sum, size, scale := 0.0, 0.0, f.scale.Row(i)[j]
					for k := range j + 1 {
						sum += f.weight(i, j, k) * w.Row(i)[k]
						size += math.Abs(f.weight(i, j, k) * w.Row(i)[k])
					}
					requireNear(t, sum*scale, out.Row(i)[j], f.T, size*scale)
					require.Equal(t, start.Row(i)[j]+out.Row(i)[j], total.Row(i)[j])
				}
			}
			return copies(out.Data, total.Data)
		})
	})
}

func TestOverQueries(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		w := rowsOf(f.normals, f.Length)
		for i := range blockSize {
			clear(w.Row(i)[f.T:f.Length])
		}
		eachVariant(t, func() []float64 {
			out, scaled := rowsOf(zeros, f.Length), rowsOf(zeros, f.Length)
			f.block.OverQueries(out, scaled, f.e, w, f.scale)
			for i := range blockSize {
				for k := range f.T {
					require.Equal(t, w.Row(i)[k]*f.scale.Row(i)[k], scaled.Row(i)[k])
					sum, size := 0.0, 0.0
					for j := k; j < f.T; j++ {
						sum += f.weight(i, j, k) * scaled.Row(i)[j]
						size += math.Abs(f.weight(i, j, k) * scaled.Row(i)[j])
					}
					requireNear(t, sum, out.Row(i)[k], f.T, size)
				}
			}
			return copies(out.Data, scaled.Data)
		})
	})
}

func TestBackward(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		start := normals(f.random, f.Table())
		want, size := copies(start), make([]float64, f.Table())
		for i := range blockSize {
			left := func(r, j int) float64 { return f.vector(i, Left+r)[j] }
			mean := func(r, j int) float64 { return f.vector(i, Mean+r)[j] }
			right := func(r, k int) float64 { return f.vector(i, Right+r)[k] }
			for j := range f.T {
				row := f.At(j, int(f.tokens[i][j]))
				for k := range j + 1 {
					d, terms := 0.0, 0.0
					for r := range Rank {
						d += left(r, j) * (right(r, k) - mean(r, j))
						terms += math.Abs(left(r, j)) * (math.Abs(right(r, k)) + math.Abs(mean(r, j)))
					}
					for _, at := range []int{row + k, row + f.Length + int(f.tokens[i][k])} {
						want[at] += d * f.weight(i, j, k)
						size[at] += terms * f.weight(i, j, k)
					}
				}
			}
		}
		eachVariant(t, func() []float64 {
			got := copies(start)
			f.block.Backward(got, f.e, f.term)
			for i := range got {
				requireNear(t, want[i], got[i], blockSize*(f.T+Rank), size[i]+math.Abs(start[i]), "entry %d", i)
			}
			return got
		})
	})
}

// TestTermsOfASequenceBeforeTheNext: two terms are added in the same order as
// sequence by sequence.
func TestTermsOfASequenceBeforeTheNext(t *testing.T) {
	f, other := newFixture(6, 3, 1), newFixture(6, 3, 2)
	start := normals(f.random, f.Table())
	eachVariant(t, func() []float64 {
		got, want := copies(start), copies(start)
		f.block.Backward(got, f.e, f.term, other.term)
		one := NewBlock(f.Shape, 1)
		for i := range blockSize {
			one.Set(f.tokens[i][:f.T])
			for _, term := range []Rows{f.term, other.term} {
				one.Backward(want, f.e.From(i*f.e.Step), term.From(i*term.Step))
			}
		}
		requireBits(t, want, got, Name())
		return got
	})
}

func TestBlocksAreCheckedInGo(t *testing.T) {
	f := newFixture(6, 3, 1)
	short := func(r Rows) Rows { return Rows{r.Data[:len(r.Data)-1], r.Step} }
	vector := func() Rows { return rowsOf(zeros, 8) }
	for i, try := range []func(){
		func() { f.block.Set([]uint16{0, 1, 2, 3, 0, 0}) },
		func() { f.block.Set(make([]uint16, 6*(blockSize+2))) },
		func() { f.block.Build(f.e, f.scale, f.table[:f.Table()-1]) },
		func() { f.block.Build(short(f.e), f.scale, f.table) },
		func() { f.block.Build(f.e, short(f.scale), f.table) },
		func() { f.block.Backward(f.table, f.e, short(f.term)) },
		func() { f.block.Backward(f.table[:f.Table()-1], f.e, f.term) },
		func() { f.block.Backward(f.table, short(f.e), f.term) },
		func() { f.block.LookUp(short(vector()), rowsOf(zeros, 9), 0) },
		func() { f.block.LookUp(vector(), short(rowsOf(zeros, 9)), 0) },
		func() { f.block.LookUp(vector(), Rows{zeros(100), -1}, 0) },
		func() { f.block.Features(short(rowsOf(zeros, 9)), vector()) },
		func() { f.block.Features(rowsOf(zeros, 9), short(rowsOf(zeros, 6))) },
		func() { f.block.Dot(Rows{zeros(2), 1}, vector(), vector()) },
		func() { f.block.Dot(vector(), short(rowsOf(zeros, 6)), vector()) },
		func() { f.block.Last(short(vector()), f.e, f.scale) },
		func() { f.block.Last(vector(), short(f.e), f.scale) },
		func() { f.block.LastOneHot(vector(), zeros(71), 8) },
		func() { f.block.LastOneHot(short(vector()), zeros(72), 8) },
		func() { f.block.LastOneHot(vector(), zeros(72), 7) },
		func() { f.block.AddLastOneHot(zeros(71), vector(), 8) },
		func() { f.block.OverKeys(short(vector()), vector(), f.e, vector(), f.scale) },
		func() { f.block.OverKeys(vector(), short(vector()), f.e, vector(), f.scale) },
		func() { f.block.OverKeys(vector(), vector(), f.e, short(vector()), f.scale) },
		func() { f.block.OverQueries(vector(), short(vector()), f.e, vector(), f.scale) },
		func() { f.block.OverQueries(vector(), vector(), short(f.e), vector(), f.scale) },
	} {
		require.Panics(t, try, fmt.Sprint(i))
	}
}

// TestAnEmptyBlock does nothing.
func TestAnEmptyBlock(t *testing.T) {
	b := NewBlock(NewShape(6, 3), 2)
	b.Set(nil)
	none := Rows{}
	b.Build(none, none, nil)
	b.LookUp(none, none, 0)
	b.Features(none, none)
	b.Last(none, none, none)
	b.Dot(none, none, none)
	b.LastOneHot(none, nil, 4)
	b.AddLastOneHot(nil, none, 4)
	b.OverKeys(none, none, none, none, none)
	b.OverQueries(none, none, none, none, none)
	b.Backward(nil, none, none)
	SoftmaxRows(nil, 4, nil, nil)
	SoftmaxBackwardRows(nil, nil, 4, 0)
}

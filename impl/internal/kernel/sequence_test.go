package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// fixture is a random table and a random sequence.
type fixture struct {
	Shape
	random         *rand.Rand
	table          []float64
	tokens         []uint16
	sequence       *Sequence
	scratch        []float64 // dirty: a kernel must not count on it
	e, scale, term []float64
}

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
	f.tokens = make([]uint16, t)
	for i := range f.tokens {
		f.tokens[i] = uint16(f.random.IntN(s))
	}
	f.sequence = NewSequence(f.Shape)
	f.sequence.Set(f.tokens)
	f.scratch, f.e, f.scale = normals(f.random, f.Scratch()), normals(f.random, f.Triangle()), normals(f.random, f.Length)
	f.term = normals(f.random, TermSize*f.Length)
	for r := range Rank {
		clear(f.Vector(f.term, Left+r)[t:])
	}
	f.sequence.Build(f.e, f.scale, f.table, f.scratch)
	return f
}

// weight is the definition of e(j, k).
func (f *fixture) weight(j, k int) float64 {
	row := f.table[f.At(j, int(f.tokens[j])):]
	return row[k] * row[f.Length+int(f.tokens[k])]
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
			f.sequence.Build(f.e, f.scale, f.table, f.scratch)
			for j := range f.T {
				sum := 0.0
				for k := range (j/Lanes + 1) * Lanes {
					want := 0.0
					if k <= j {
						want = f.weight(j, k)
					}
					require.Equal(t, want, f.e[Index(j, k)], "(%d, %d)", j, k)
					sum += want
				}
				requireNear(t, 1/sum, f.scale[j], f.T, 1/sum)
			}
			return copies(f.e, f.scale)
		})
	})
}

func TestOverKeys(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		w, start := normals(f.random, f.Length), normals(f.random, f.Length)
		eachVariant(t, func() []float64 {
			out, total := make([]float64, f.Length), copies(start)
			OverKeys(f.Shape, out, total, f.e, w, f.scale)
			for j := range f.T {
				sum, size := 0.0, 0.0
				for k := range j + 1 {
					sum += f.weight(j, k) * w[k]
					size += math.Abs(f.weight(j, k) * w[k])
				}
				requireNear(t, sum*f.scale[j], out[j], f.T, size*f.scale[j])
				require.Equal(t, start[j]+out[j], total[j])
			}
			return copies(out, total)
		})
	})
}

func TestOverQueries(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		w := normals(f.random, f.Length)
		clear(w[f.T:])
		eachVariant(t, func() []float64 {
			out, scaled := make([]float64, f.Length), make([]float64, f.Length)
			OverQueries(f.Shape, out, scaled, f.e, w, f.scale)
			for k := range f.T {
				require.Equal(t, w[k]*f.scale[k], scaled[k])
				sum, size := 0.0, 0.0
				for j := k; j < f.T; j++ {
					sum += f.weight(j, k) * scaled[j]
					size += math.Abs(f.weight(j, k) * scaled[j])
				}
				requireNear(t, sum, out[k], f.T, size)
			}
			return copies(out, scaled)
		})
	})
}

func TestBackward(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		start := normals(f.random, f.Table())
		want, size := copies(start), make([]float64, f.Table())
		left := func(r, j int) float64 { return f.Vector(f.term, Left+r)[j] }
		mean := func(r, j int) float64 { return f.Vector(f.term, Mean+r)[j] }
		right := func(r, k int) float64 { return f.Vector(f.term, Right+r)[k] }
		for j := range f.T {
			row := f.At(j, int(f.tokens[j]))
			for k := range j + 1 {
				d, terms := 0.0, 0.0
				for r := range Rank {
					d += left(r, j) * (right(r, k) - mean(r, j))
					terms += math.Abs(left(r, j)) * (math.Abs(right(r, k)) + math.Abs(mean(r, j)))
				}
				for _, at := range []int{row + k, row + f.Length + int(f.tokens[k])} {
					want[at] += d * f.weight(j, k)
					size[at] += terms * f.weight(j, k)
				}
			}
		}
		eachVariant(t, func() []float64 {
			got := copies(start)
			f.sequence.Backward(got, f.e, f.term, f.scratch)
			for i := range got {
				requireNear(t, want[i], got[i], f.T+Rank, size[i]+math.Abs(start[i]), "entry %d", i)
			}
			return got
		})
	})
}

func TestLookUpAndFeatures(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		feature, w := normals(f.random, f.S+f.T), normals(f.random, f.T)
		eachVariant(t, func() []float64 {
			looked, features := normals(rand.New(rand.NewPCG(1, 1)), f.T+1), normals(rand.New(rand.NewPCG(2, 1)), f.S+f.T+1)
			beyond := [2]float64{looked[f.T], features[f.S+f.T]}
			f.sequence.LookUp(looked, feature)
			f.sequence.Features(features, w, f.scratch)
			for k, a := range f.tokens {
				require.Equal(t, feature[a]+feature[f.S+k], looked[k])
				require.Equal(t, w[k], features[f.S+k])
			}
			for b := range f.S {
				sum, size := 0.0, 0.0
				for k, a := range f.tokens {
					if int(a) == b {
						sum += w[k]
						size += math.Abs(w[k])
					}
				}
				requireNear(t, sum, features[b], f.T, size)
			}
			require.Equal(t, beyond, [2]float64{looked[f.T], features[f.S+f.T]}, "a write behind the end")
			return copies(looked, features)
		})
	})
}

func TestSequencesAreCheckedInGo(t *testing.T) {
	f := newFixture(6, 3, 1)
	for i, try := range []func(){
		func() { f.sequence.Set([]uint16{0, 1, 2, 3, 0, 0}) },
		func() { f.sequence.Set([]uint16{0, 1, 2}[:3:3]) },
		func() { f.sequence.Build(f.e, f.scale, f.table[:f.Table()-1], f.scratch) },
		func() { f.sequence.Build(f.e[:f.Triangle()-1], f.scale, f.table, f.scratch) },
		func() { f.sequence.Backward(f.table, f.e, f.term[:TermSize*f.Length-1], f.scratch) },
		func() { f.sequence.Backward(f.table, f.e, f.term, f.scratch[:f.Scratch()-1]) },
		func() { f.sequence.LookUp(make([]float64, 5), make([]float64, 9)) },
		func() { f.sequence.Features(make([]float64, 8), make([]float64, 6), f.scratch) },
		func() { OverKeys(f.Shape, f.scale[:7:7], f.scale, f.e, f.scale, f.scale) },
		func() { OverQueries(f.Shape, f.scale, f.scale, f.e[:3:3], f.scale, f.scale) },
	} {
		require.Panics(t, try, fmt.Sprint(i))
	}
}

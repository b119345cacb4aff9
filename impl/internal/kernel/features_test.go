package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLookUpAndFeatures(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		feature, w := rowsOf(f.normals, f.S+f.T), rowsOf(f.normals, f.T)
		eachVariant(t, func() []float64 {
			looked, features := rowsOf(zeros, f.Length), rowsOf(zeros, f.S+f.T)
			f.block.LookUp(looked, feature, -7)
			f.block.Features(features, w)
			for i, tokens := range f.tokens {
				for k, a := range tokens[:f.T] {
					require.Equal(t, feature.Row(i)[a]+feature.Row(i)[f.S+k], looked.Row(i)[k])
					require.Equal(t, w.Row(i)[k], features.Row(i)[f.S+k])
				}
				for k := f.T; k < f.Length; k++ {
					require.Equal(t, -7.0, looked.Row(i)[k])
				}
				for b := range f.S {
					sum, size := 0.0, 0.0
					for k, a := range tokens[:f.T] {
						if int(a) == b {
							sum += w.Row(i)[k]
							size += math.Abs(w.Row(i)[k])
						}
					}
					requireNear(t, sum, features.Row(i)[b], f.T, size)
				}
			}
			return copies(looked.Data, features.Data)
		})
	})
}

func TestDot(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		x, y := rowsOf(f.normals, f.T), rowsOf(f.normals, f.T)
		eachVariant(t, func() []float64 {
			dst := rowsOf(zeros, 1)
			f.block.Dot(dst, x, y)
			for i := range blockSize {
				sum, size := 0.0, 0.0
				for k := range f.T {
					sum += x.Row(i)[k] * y.Row(i)[k]
					size += math.Abs(x.Row(i)[k] * y.Row(i)[k])
				}
				requireNear(t, sum, dst.Row(i)[0], f.T, size)
			}
			return dst.Data
		})
	})
}

func TestLastQuery(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		for _, cols := range []int{0, 4, 8, 12, 16, 20, 36} {
			start, src := normals(f.random, (f.S+f.T)*cols), Rows{normals(f.random, blockSize*cols), cols}
			eachVariant(t, func() []float64 {
				last, product, sums, want := rowsOf(zeros, f.Length), Rows{make([]float64, blockSize*cols), cols}, copies(start), copies(start)
				f.block.Last(last, f.e, f.scale)
				f.block.LastOneHot(product, start, cols)
				f.block.AddLastOneHot(sums, src, cols)
				for i := range blockSize {
					for k := range f.T {
						require.Equal(t, f.weight(i, f.T-1, k)*f.scale.Row(i)[f.T-1], last.Row(i)[k])
					}
					token, position := int(f.tokens[i][f.T-1])*cols, (f.S+f.T-1)*cols
					for c := range cols {
						require.Equal(t, start[token+c]+start[position+c], product.Row(i)[c])
						want[token+c] += src.Row(i)[c]
						want[position+c] += src.Row(i)[c]
					}
				}
				requireBits(t, want, sums, "sequence by sequence")
				return copies(last.Data, product.Data, sums)
			})
		}
	})
}

func TestSetReadsEveryToken(t *testing.T) {
	eachShape(t, func(t *testing.T, f *fixture) {
		eachVariant(t, func() []float64 {
			b := NewBlock(f.Shape, blockSize)
			var all []uint16
			for _, tokens := range f.tokens {
				all = append(all, tokens[:f.T]...)
			}
			b.Set(all)
			require.Equal(t, f.block.query[:blockSize*f.Length], b.query)
			require.Equal(t, f.block.key[:blockSize*f.Length], b.key)
			require.Equal(t, f.block.token[:blockSize*f.Length], b.token)
			for i := range all { // a wrong token anywhere is found
				was := all[i]
				all[i] = uint16(f.S)
				require.Panics(t, func() { b.Set(all) })
				all[i] = was
			}
			return nil
		})
	})
}

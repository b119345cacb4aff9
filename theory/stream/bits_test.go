package stream

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestVariateBitsAreFixed pins the contract beyond the generator's words: the
// bits of 3000 draws of each variate, hashed, as they were when it was written.
// Every golden depends on them, on which branch a draw takes included. Whether
// they follow their distributions is for the other tests to say.
func TestVariateBitsAreFixed(t *testing.T) {
	gamma := func(shape float64) func(s *Stream) []float64 {
		return func(s *Stream) []float64 { return []float64{s.LogGamma(shape)} }
	}
	dirichlet := func(alpha float64) func(s *Stream) []float64 {
		row := make([]float64, lot+1)
		return func(s *Stream) []float64 { s.Dirichlet(alpha, row); return row }
	}
	for name, c := range map[string]struct {
		draw func(s *Stream) []float64
		want uint64
	}{
		"Float64":        {func(s *Stream) []float64 { return []float64{s.Float64()} }, 0x557401daabe946f9},
		"Open":           {func(s *Stream) []float64 { return []float64{s.Open()} }, 0x91ba91dd890aed2c},
		"Exponential":    {func(s *Stream) []float64 { return []float64{s.Exponential()} }, 0xd510436490c44505},
		"Normal":         {func(s *Stream) []float64 { return []float64{s.Normal()} }, 0x507b6021ea335d07},
		"LogGamma 0.1":   {gamma(0.1), 0xb2a24c5049abe022},
		"LogGamma 0.5":   {gamma(0.5), 0x5cd1b85377923c17},
		"LogGamma 1":     {gamma(1), 0x8532984e0270c4ce},
		"LogGamma 3":     {gamma(3), 0xe2592c7dab2acb3a},
		"Dirichlet 0.01": {dirichlet(0.01), 0xa9fe35ab95b42f51},
		"Dirichlet 0.1":  {dirichlet(0.1), 0x3d56fdba6f173770},
		"Dirichlet 0.5":  {dirichlet(0.5), 0x31623c3985a28423},
		"Dirichlet 1":    {dirichlet(1), 0x286722d9435527f6},
	} {
		s, h := New(Key{Seed: 14, Purpose: Law}), fnv.New64a()
		for drawn := 0; drawn < 3000; {
			for _, v := range c.draw(s) {
				_ = binary.Write(h, binary.LittleEndian, math.Float64bits(v)) // a hash never fails
				drawn++
			}
		}
		require.Equal(t, c.want, h.Sum64(), name)
	}
}

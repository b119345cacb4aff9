package fingerprint

import (
	"math"

	"causalgrad/impl/internal/kernel"
	"causalgrad/theory/detmath"
	"causalgrad/theory/stream"
)

// sweep is the number of arguments of each law that the elementary functions are
// evaluated at.
const sweep = 2000

// arguments are edges of the domain, arguments of all magnitudes and any bits.
func arguments() []float64 {
	x := []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), math.Ln2 / 2, -math.Ln2 / 2,
		709.782712893384, 709.7827128933841, -708.3964185322641, -745.1332191019411, -745.1332191019412,
		math.SmallestNonzeroFloat64, math.MaxFloat64, 0x1p-1022, 1 + 0x1p-52, 1 - 0x1p-53}
	s := stream.New(stream.Key{Seed: 1, Purpose: stream.Law})
	for range sweep {
		x = append(x, float64(1500*s.Float64())-750, s.Normal(), s.Exponential(), math.Float64frombits(s.Uint64()))
	}
	return append(x, make([]float64, kernel.Pad(len(x))-len(x))...)
}

// exponentials covers detmath.Exp, CosPi and the kernel's own Exp and Softmax,
// which are to have the same bits.
func exponentials(d *digest) {
	x := arguments()
	for _, v := range x {
		d.numbers(detmath.Exp(v))
	}
	for n := range sweep + 1 {
		d.numbers(detmath.CosPi(float64(n) / sweep))
	}
	vector := append([]float64(nil), x...)
	kernel.Exp(vector)
	d.numbers(vector...)
	for i := 20; i+24 <= len(x); i += 24 {
		largest, sum := kernel.Softmax(x[i : i+24])
		d.numbers(largest, sum)
		d.numbers(x[i : i+24]...)
	}
}

func logarithms(d *digest) {
	for _, v := range arguments() {
		d.numbers(detmath.Log(v), detmath.Log(math.Abs(v)))
	}
}

// variates covers every law that stream draws from.
func variates(d *digest) {
	s := stream.New(stream.Key{Seed: 2, Purpose: stream.Law, Step: 3, Shard: 4})
	row := make([]float64, 5)
	for range 300 {
		d.bits(s.Uint64())
		d.numbers(s.Float64(), s.Open(), s.Normal(), s.Exponential())
		for _, alpha := range []float64{0.001, 0.1, 0.7, 1, 3} {
			s.Dirichlet(alpha, row)
			d.numbers(s.LogGamma(alpha))
			d.numbers(row...)
		}
	}
}

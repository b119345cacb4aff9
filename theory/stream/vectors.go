package stream

// Vectors are the loops of this package that a vector kernel may run instead. Their bits
// must be those of the streams alone.
type Vectors struct {
	// Exps is the function of that name.
	Exps func(dst, src []float64)
	// Run reports whether the following may be called: where not, an Abreast's streams draw
	// one after the other, as they do where nothing here helps.
	Run func() bool
	// Propose draws the first proposals of n small gamma variates of every lane, 1 <= n <= lot,
	// as if all words were inside their strips of the ziggurat.
	Propose func(p *Proposals, n int)
	// Float64s fills dst, groups of numbers, as Stream.Float64.
	Float64s func(s *States, dst []float64)
	// Shares writes groups of variates over their lane's sum to row, at least
	// MinProbability, and returns the bits of the lanes whose sum is below safeSum.
	Shares func(row, variates []float64) (small uint)
}

var vectors = Vectors{Exps: Exps, Run: func() bool { return false }}

// UseVectors makes all streams use v. It is for package initialisation.
func UseVectors(v Vectors) { vectors = v }

// States are those of the streams of an Abreast, by lane.
type States struct{ Hi, Lo [Width]uint64 }

// Proposals is what Propose works on, by variate and lane. An assembly knows the layout.
type Proposals struct {
	States
	// Z, U and LogG are smallGamma's z, uniform and logarithm of a proposal.
	Z, U, LogG [lot * Width]float64
	// BehindHi and BehindLo are the states behind a variate's first word.
	BehindHi, BehindLo [lot * Width]uint64
	// Rejected has the bits of the lanes whose proposal acceptAtOnce does not accept, most of
	// which decide does, and Outside of those whose first word is outside its strip.
	Rejected, Outside [lot]uint8
	// Inverse, Left and Stretch are smallGamma's.
	Inverse, Left, Stretch float64
	// Strips is the right end of the first strip of the ziggurat, and Accepts the bound of
	// the first bin of rightSide.
	Strips, Accepts *float64
}

//go:build !amd64 || noasm

package kernel

// Both are false where the assembly is not built; the functions below satisfy
// the compiler and are never reached.
const (
	haveAVX2   = false
	haveAVX512 = false
)

const unreachable = "kernel: no vector variant in this build"

func gemmAVX2(_ *float64, _ int, _ *float64, _, _ int, _ *float64, _, _, _, _ int) {
	panic(unreachable)
}
func gemmAVX512(_ *float64, _ int, _ *float64, _, _ int, _ *float64, _, _, _, _ int) {
	panic(unreachable)
}
func add2AVX2(_, _, _ *float64, _ int)                               { panic(unreachable) }
func sumAVX2(_, _, _ *float64, _ int)                                { panic(unreachable) }
func expAVX2(_ *float64, _ int)                                      { panic(unreachable) }
func softmaxAVX2(_ *float64, _ int) (largest, sum float64)           { panic(unreachable) }
func softmaxBackwardAVX2(_, _ *float64, _ int)                       { panic(unreachable) }
func lookUpAVX2(_, _, _ *float64, _ *int, _ int)                     { panic(unreachable) }
func featuresAVX2(_, _, _ *float64, _ *int, _ *float64, _, _, _ int) { panic(unreachable) }
func buildAVX2(_, _, _ *float64, _, _ *int, _ *float64, _, _ int)    { panic(unreachable) }
func overKeysAVX2(_, _, _, _, _ *float64, _ int)                     { panic(unreachable) }
func overQueriesAVX2(_, _, _, _, _ *float64, _ int)                  { panic(unreachable) }
func backwardAVX2(_, _, _ *float64, _, _ *int, _ *float64, _, _ int) { panic(unreachable) }
func rooflineAVX512(_ int)                                           { panic(unreachable) }
func rooflineAVX2(_ int)                                             { panic(unreachable) }

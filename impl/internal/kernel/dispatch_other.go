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
func add2AVX2(_, _, _ *float64, _ int)                                 { panic(unreachable) }
func addRowsAVX2(_ *float64, _ int, _ *float64, _, _, _ int)           { panic(unreachable) }
func expAVX2(_ *float64, _ int)                                        { panic(unreachable) }
func expAVX512(_ *float64, _ int)                                      { panic(unreachable) }
func subtractLargestAVX2(_, _ *float64, _, _ int)                      { panic(unreachable) }
func normalizeAVX2(_, _ *float64, _, _ int)                            { panic(unreachable) }
func softmaxBackwardAVX2(_, _ *float64, _, _ int)                      { panic(unreachable) }
func setAVX2(_, _, _ *int, _ *uint16, _, _, _, _, _ int) (largest int) { panic(unreachable) }
func lookUpAVX2(_ *float64, _ int, _ *float64, _ int, _ *int, _, _, _, _ int, _ float64) {
	panic(unreachable)
}
func lookUpAVX512(_ *float64, _ int, _ *float64, _ int, _ *int, _, _, _, _ int, _ float64) {
	panic(unreachable)
}
func featuresAVX2(_ *float64, _ int, _ *float64, _ int, _ *int, _ *float64, _, _, _, _, _ int) {
	panic(unreachable)
}
func featuresAVX512(_ *float64, _ int, _ *float64, _ int, _ *int, _, _, _, _, _ int) {
	panic(unreachable)
}
func lastAVX2(_ *float64, _ int, _ *float64, _ int, _ *float64, _, _, _ int) { panic(unreachable) }
func lastOneHotAVX2(_ *float64, _ int, _, _ *float64, _ *int, _, _, _ int)   { panic(unreachable) }
func addLastOneHotAVX2(_, _, _ *float64, _ int, _ *int, _, _, _ int)         { panic(unreachable) }
func dotAVX2(_ *float64, _ int, _ *float64, _ int, _ *float64, _, _, _ int)  { panic(unreachable) }
func buildAVX2(_ *float64, _ int, _ *float64, _ int, _ *float64, _, _ *int, _ *float64, _, _, _ int) {
	panic(unreachable)
}
func buildAVX512(_ *float64, _ int, _ *float64, _ int, _ *float64, _, _ *int, _, _, _ int) {
	panic(unreachable)
}
func overKeysAVX2(_ *float64, _ int, _ *float64, _ int, _ *float64, _ int, _ *float64, _ int, _ *float64, _, _, _ int) {
	panic(unreachable)
}
func overKeysAVX512(_ *float64, _ int, _ *float64, _ int, _ *float64, _ int, _ *float64, _ int, _ *float64, _, _, _ int) {
	panic(unreachable)
}
func overQueriesAVX2(_ *float64, _ int, _ *float64, _ int, _ *float64, _ int, _ *float64, _ int, _ *float64, _, _, _ int) {
	panic(unreachable)
}
func backwardAVX2(_, _ *float64, _ int, _ *float64, _ int, _, _ *int, _ *float64, _, _, _ int) {
	panic(unreachable)
}
func variateExpAVX2(_, _, _ *float64, _ int) (outside int) { panic(unreachable) }
func proposeAVX2(_ *uint64, _ int)                         { panic(unreachable) }
func proposeAVX512(_ *uint64, _ int)                       { panic(unreachable) }
func float64sAVX2(_ *uint64, _ *float64, _ int)            { panic(unreachable) }
func float64sAVX512(_ *uint64, _ *float64, _ int)          { panic(unreachable) }
func sharesAVX2(_, _ *float64, _ int) (small int)          { panic(unreachable) }
func sharesAVX512(_, _ *float64, _ int) (small int)        { panic(unreachable) }
func stationaryAVX2(_ *float64, _ int, _, _ *float64)      { panic(unreachable) }
func stationaryAVX512(_ *float64, _ int, _, _ *float64)    { panic(unreachable) }
func invertAVX2(_, _ *int, _, _ *float64, _, _ int)        { panic(unreachable) }
func invertAVX512(_, _ *int, _, _ *float64, _, _ int)      { panic(unreachable) }
func rooflineAVX2(_ int)                                   { panic(unreachable) }
func rooflineAVX512(_ int)                                 { panic(unreachable) }

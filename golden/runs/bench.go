package runs

import _ "embed"

//go:embed bench.txt
var benchFile string

// Benchmarks is the measured speed of this program on the machine that its first
// line names, in the Go benchmark format (make bench-record).
func Benchmarks() string { return benchFile }

package runs

import _ "embed"

//go:embed bench.txt
var benchFile string

//go:embed scale.json
var scaleFile []byte

// Scales is the measured cost of the exact gradient and of the reduced model
// against T and S, on the same machine: the JSON document of causalgrad scale
// (make bench-record).
func Scales() []byte { return scaleFile }

// Benchmarks is the measured speed of this program on the machine that its first
// line names, in the Go benchmark format (make bench-record).
func Benchmarks() string { return benchFile }

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

//go:embed algorithm1.json
var ladderFile []byte

// Ladders are Algorithm 1's ladders over several seeds: the JSON document of
// causalgrad ladder (make seeds-record).
func Ladders() []byte { return ladderFile }

//go:embed heads.json
var headFile []byte

// Heads are the one-head and two-head models on two parents over several seeds: the
// JSON document of causalgrad heads (make seeds-record).
func Heads() []byte { return headFile }

// Benchmarks is the measured speed of this program on the machine that its first
// line names, in the Go benchmark format (make bench-record).
func Benchmarks() string { return benchFile }

// Package implaws holds the laws of this project's packages under impl: the
// dense second implementation, kernels, files of weights, constructions, what is
// measured of parameters, resumed runs, validation, transfer, and what is around
// the mathematics: specifications, runs, records, sweeps, files, fingerprints.
//
// Each capability has an interface (subject_*.go), this project's own answers
// (builtin_*.go) and laws (laws_*.go). No other implementation is asked these
// laws: the questions are Go values and files that the protocol does not have.
package implaws

// Complete implements every capability of this package.
type Complete interface {
	DenseEvaluator
	KernelRunner
	WeightStore
	Constructor
	Yardsticks
	Summariser
	Resumer
	Stager
	Validator
	TaskVariants
	Transferrer
	Rounder
	Specifier
	Planner
	Runner
	Archivist
	Gridder
	Sweeper
	Submitter
	Writer
	Fingerprinter
}

// Builtin is this project's own code behind the interfaces of this package, safe
// for concurrent use. Package catalogue makes a Subject of it.
func Builtin() Complete { return builtin{} }

type builtin struct{}

// Package theorylaws holds the laws of this project's packages under theory:
// notation of graphs and chains, arrays, conditions, interval arithmetic,
// certified regions, refutations, inference, methods for the first step, special
// functions, comparisons and streams.
//
// Each capability has an interface (subject_*.go), this project's own answers
// (builtin_*.go) and laws (laws_*.go). No other implementation is asked these
// laws: the questions are Go values that the protocol does not have.
package theorylaws

// Complete implements every capability of this package.
type Complete interface {
	IntervalArithmetic
	Certifier
	Refuter
	Grapher
	FirstStepMethods
	Inferrer
	ConditionChecker
	FactStater
	ChainReader
	ChainSolver
	ArrayReader
	FunctionComputer
	Comparer
	Drawer
}

// Builtin is this project's own code behind the interfaces of this package, safe
// for concurrent use. Package catalogue makes a Subject of it.
func Builtin() Complete { return builtin{} }

type builtin struct{}

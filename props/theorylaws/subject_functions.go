package theorylaws

import "causalgrad/props"

// Two in-process capabilities.
const (
	CanComputeFunctions props.Capability = "functions"   // FunctionComputer
	CanCompare          props.Capability = "comparisons" // Comparer
)

// Functions are the elementary functions of a subject's deterministic path.
type Functions struct {
	Exp, Log func(x float64) float64
	CosPi    func(x float64) float64 // cos(pi x) for 0 <= x <= 1
}

// FunctionComputer has elementary functions of its own.
type FunctionComputer interface {
	Functions() Functions
}

// Comparisons are how a subject compares numbers; nil is agreement.
type Comparisons struct {
	// Within decides |got-want| <= abs + rel |want|.
	Within func(got, want, rel, abs float64) error
	// AllWithin decides it of every entry.
	AllWithin func(got, want []float64, rel, abs float64) error
	// RelativeError is the largest |got-want| over the largest |want|.
	RelativeError func(got, want []float64) float64
}

// Comparer compares numbers.
type Comparer interface {
	Comparisons() Comparisons
}

package theorylaws

import (
	"causalgrad/theory/close"
	"causalgrad/theory/detmath"
)

var _ interface {
	FunctionComputer
	Comparer
} = builtin{}

func (builtin) Functions() Functions {
	return Functions{Exp: detmath.Exp, Log: detmath.Log, CosPi: detmath.CosPi}
}

func (builtin) Comparisons() Comparisons {
	return Comparisons{Within: close.Within, AllWithin: close.AllWithin, RelativeError: close.RelativeError}
}

// Package detmath holds the elementary functions of the deterministic path:
// the same bits on every processor, at every GOAMD64 level, with and without
// assembly. The standard library's exp, log and cos differ between
// architectures; these use only operations that IEEE 754 rounds exactly
// (+, -, *, /, and math.FMA where a fused step is meant).
//
// Errors, measured in this package's tests against math/big: Exp and Log at
// most 1 unit in the last place of the exact value (the tests print the largest
// seen), CosPi at most 2.
//
// It never calls a function of package math that is not exactly rounded.
package detmath

package fault

import (
	"slices"

	"causalgrad/props"
)

// Touches lists the capabilities whose answers the fault changes. A law that
// needs none of them sees the unbroken subject.
func (f Fault) Touches() []props.Capability {
	v, known := f.Plant(props.Builtin()).(*variant)
	if !known {
		v = &variant{}
	}
	var all []props.Capability
	for _, r := range v.replacements() {
		if r.is || !known {
			all = append(all, r.of)
	return v.touched()
}

var everything = []props.Capability{props.CanSample, props.CanStationary, props.CanInform, props.CanFirstStep, props.CanEstimate,
	props.CanEvaluate, props.CanAttend, props.CanOptimize, props.CanTrain, props.CanMeasure,
	props.CanEnclose, props.CanCertify,
	props.CanGraph, props.CanFirstStepMethods,
	props.CanCheck, props.CanStateFacts, props.CanReadChains, props.CanReadArrays, props.CanComputeFunctions, props.CanCompare, props.CanDraw}
	props.CanGraph, props.CanFirstStepMethods, props.CanInfer}
	props.CanEnclose, props.CanCertify, props.CanRefute}
	props.CanGraph, props.CanFirstStepMethods, props.CanInfer}

func (v *variant) touched() []props.Capability {
	var all []props.Capability
	for i, replaced := range []bool{v.sample != nil, v.stationary != nil, v.inform != nil, v.firstStep != nil, v.estimate != nil,
		v.evaluate != nil, v.attend != nil, v.optimize != nil, v.train != nil, v.measure != nil,
		v.intervals.touched(), v.certify != nil,
		v.graph != nil, v.methods != nil, v.infer != nil} {
		v.intervals.touched(), v.certify != nil, v.refute.touched()} {
		if replaced {
			all = append(all, everything[i])
		}
	}
	return all
}

// replacement tells whether a variant answers for a capability itself.
type replacement struct {
	of props.Capability
	is bool
}

func (v *variant) replacements() []replacement {
	return []replacement{
		{props.CanSample, v.sample != nil},
		{props.CanStationary, v.stationary != nil},
		{props.CanInform, v.inform != nil},
		{props.CanFirstStep, v.firstStep != nil},
		{props.CanEstimate, v.estimate != nil},
		{props.CanEvaluate, v.evaluate != nil},
		{props.CanAttend, v.attend != nil},
		{props.CanOptimize, v.optimize != nil},
		{props.CanTrain, v.train != nil},
		{props.CanMeasure, v.measure != nil},
		{props.CanEnclose, v.intervals.touched()},
		{props.CanCertify, v.certify != nil},
		{props.CanGraph, v.graph != nil},
		{props.CanFirstStepMethods, v.methods != nil},
		{props.CanInfer, v.infer != nil},
		{props.CanCheck, v.conditions != nil},
		{props.CanStateFacts, v.facts != nil},
		{props.CanReadChains, v.notation != nil},
		{props.CanReadArrays, v.arrays != nil},
		{props.CanComputeFunctions, v.functions != nil},
		{props.CanCompare, v.comparisons != nil},
		{props.CanDraw, v.streams != nil},
	}
}

// expects reports whether the law is among those expected to catch the fault.
func (f Fault) expects(law string) bool { return slices.Contains(f.Expect, law) }

func needsAny(l props.Law, capabilities []props.Capability) bool {
	return slices.ContainsFunc(l.Needs, func(c props.Capability) bool { return slices.Contains(capabilities, c) })
}

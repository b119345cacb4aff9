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
	all := v.practiceTouched()
	if !known {
		all = slices.Clone(practical)
	}
	for _, r := range v.replacements() {
		if r.is || !known {
			all = append(all, r.of)
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
	return append([]replacement{
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
		{props.CanRefute, v.refute.touched()},
		{props.CanGraph, v.graph != nil},
		{props.CanFirstStepMethods, v.methods != nil},
		{props.CanInfer, v.infer != nil},
		{props.CanCheck, v.conditions != nil},
		{props.CanStateFacts, v.facts != nil},
		{props.CanReadChains, v.notation != nil},
		{props.CanSolveChains, v.chains != nil},
		{props.CanReadArrays, v.arrays != nil},
		{props.CanComputeFunctions, v.functions != nil},
		{props.CanCompare, v.comparisons != nil},
		{props.CanDraw, v.streams != nil},
	}, v.harness.replacements()...)
}

// expects reports whether the law is among those expected to catch the fault.
func (f Fault) expects(law string) bool { return slices.Contains(f.Expect, law) }

func needsAny(l props.Law, capabilities []props.Capability) bool {
	return slices.ContainsFunc(l.Needs, func(c props.Capability) bool { return slices.Contains(capabilities, c) })
}

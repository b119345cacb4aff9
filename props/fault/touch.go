package fault

import (
	"slices"

	"causalgrad/props"
	"causalgrad/props/catalogue"
	"causalgrad/props/theorylaws"
)

// Touches lists the capabilities whose answers the fault changes. A law that
// needs none of them sees the unbroken subject.
func (f Fault) Touches() []props.Capability {
	v, known := f.Plant(catalogue.Builtin()).(*variant)
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
		{theorylaws.CanEnclose, v.intervals.touched()},
		{theorylaws.CanCertify, v.certify != nil},
		{theorylaws.CanRefute, v.refute.touched()},
		{theorylaws.CanGraph, v.graph != nil},
		{theorylaws.CanFirstStepMethods, v.methods != nil},
		{theorylaws.CanInfer, v.infer != nil},
		{theorylaws.CanCheck, v.conditions != nil},
		{theorylaws.CanStateFacts, v.facts != nil},
		{theorylaws.CanReadChains, v.notation != nil},
		{theorylaws.CanSolveChains, v.chains != nil},
		{theorylaws.CanReadArrays, v.arrays != nil},
		{theorylaws.CanComputeFunctions, v.functions != nil},
		{theorylaws.CanCompare, v.comparisons != nil},
		{theorylaws.CanDraw, v.streams != nil},
	}, v.harness.replacements()...)
}

// expects reports whether the law is among those expected to catch the fault.
func (f Fault) expects(law string) bool { return slices.Contains(f.Expect, law) }

func needsAny(l props.Law, capabilities []props.Capability) bool {
	return slices.ContainsFunc(l.Needs, func(c props.Capability) bool { return slices.Contains(capabilities, c) })
}

package fault

import (
	"slices"

	"causalgrad/props"
)

// Touches lists the capabilities whose answers the fault changes. A law that
// needs none of them sees the unbroken subject.
func (f Fault) Touches() []props.Capability {
	v, ok := f.Plant(props.Builtin()).(*variant)
	if !ok {
		return everything
	}
	return v.touched()
}

var everything = []props.Capability{props.CanSample, props.CanStationary, props.CanInform, props.CanFirstStep, props.CanEstimate,
	props.CanEvaluate, props.CanAttend, props.CanOptimize, props.CanTrain, props.CanMeasure,
	props.CanEnclose, props.CanCertify,
	props.CanGraph, props.CanFirstStepMethods,
	props.CanCheck, props.CanStateFacts, props.CanReadChains, props.CanReadArrays, props.CanComputeFunctions, props.CanCompare, props.CanDraw}
	props.CanGraph, props.CanFirstStepMethods, props.CanInfer}

func (v *variant) touched() []props.Capability {
	var all []props.Capability
	for i, replaced := range []bool{v.sample != nil, v.stationary != nil, v.inform != nil, v.firstStep != nil, v.estimate != nil,
		v.evaluate != nil, v.attend != nil, v.optimize != nil, v.train != nil, v.measure != nil,
		v.intervals.touched(), v.certify != nil,
		v.graph != nil, v.methods != nil, v.infer != nil} {
		if replaced {
			all = append(all, everything[i])
		}
	}
	return append(all, v.tables()...)
}

// expects reports whether the law is among those expected to catch the fault.
func (f Fault) expects(law string) bool { return slices.Contains(f.Expect, law) }

func needsAny(l props.Law, capabilities []props.Capability) bool {
	return slices.ContainsFunc(l.Needs, func(c props.Capability) bool { return slices.Contains(capabilities, c) })
}

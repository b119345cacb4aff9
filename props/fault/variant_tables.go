package fault

import "causalgrad/props"

// edited is a table of a subject's functions after a fault's edit, if it has one.
func edited[T any](own T, edit func(T) T) T {
	if edit == nil {
		return own
	}
	return edit(own)
}

// Arrays implements props.ArrayReader.
func (v *variant) Arrays() props.Arrays {
	return edited(v.Subject.(props.ArrayReader).Arrays(), v.arrays)
}

// Functions implements props.FunctionComputer.
func (v *variant) Functions() props.Functions {
	return edited(v.Subject.(props.FunctionComputer).Functions(), v.functions)
}

// Comparisons implements props.Comparer.
func (v *variant) Comparisons() props.Comparisons {
	return edited(v.Subject.(props.Comparer).Comparisons(), v.comparisons)
}

// Streams implements props.Drawer.
func (v *variant) Streams() props.Streams {
	return edited(v.Subject.(props.Drawer).Streams(), v.streams)
}

// Conditions implements props.ConditionChecker.
func (v *variant) Conditions() props.Conditions {
	return edited(v.Subject.(props.ConditionChecker).Conditions(), v.conditions)
}

// Facts implements props.FactStater.
func (v *variant) Facts() props.Facts {
	return edited(v.Subject.(props.FactStater).Facts(), v.facts)
}

// Notation implements props.ChainReader.
func (v *variant) Notation() props.Notation {
	return edited(v.Subject.(props.ChainReader).Notation(), v.notation)
}

// Chains implements props.ChainSolver.
func (v *variant) Chains() props.Chains {
	return edited(v.Subject.(props.ChainSolver).Chains(), v.chains)
}

package fault

import "causalgrad/props/theorylaws"

// edited is a table of a subject's functions after a fault's edit, if it has one.
func edited[T any](own T, edit func(T) T) T {
	if edit == nil {
		return own
	}
	return edit(own)
}

// Arrays implements theorylaws.ArrayReader.
func (v *variant) Arrays() theorylaws.Arrays {
	return edited(v.Subject.(theorylaws.ArrayReader).Arrays(), v.arrays)
}

// Functions implements theorylaws.FunctionComputer.
func (v *variant) Functions() theorylaws.Functions {
	return edited(v.Subject.(theorylaws.FunctionComputer).Functions(), v.functions)
}

// Comparisons implements theorylaws.Comparer.
func (v *variant) Comparisons() theorylaws.Comparisons {
	return edited(v.Subject.(theorylaws.Comparer).Comparisons(), v.comparisons)
}

// Streams implements theorylaws.Drawer.
func (v *variant) Streams() theorylaws.Streams {
	return edited(v.Subject.(theorylaws.Drawer).Streams(), v.streams)
}

// Conditions implements theorylaws.ConditionChecker.
func (v *variant) Conditions() theorylaws.Conditions {
	return edited(v.Subject.(theorylaws.ConditionChecker).Conditions(), v.conditions)
}

// Facts implements theorylaws.FactStater.
func (v *variant) Facts() theorylaws.Facts {
	return edited(v.Subject.(theorylaws.FactStater).Facts(), v.facts)
}

// Notation implements theorylaws.ChainReader.
func (v *variant) Notation() theorylaws.Notation {
	return edited(v.Subject.(theorylaws.ChainReader).Notation(), v.notation)
}

// Chains implements theorylaws.ChainSolver.
func (v *variant) Chains() theorylaws.Chains {
	return edited(v.Subject.(theorylaws.ChainSolver).Chains(), v.chains)
}

package gen

import (
	"math"
	"slices"
)

func dagClasses() []class[DAG] {
	all := named(Families(), 0.1, func(d DAG) string { return d.Family })
	for arity, parents := range []string{"without parents", "with one parent", "with two parents", "with three parents"} {
		all = append(all, class[DAG]{"an entry " + parents, 0.05, func(d DAG) bool { return slices.Contains(d.arities(), arity) }})
	}
	return append(all,
		class[DAG]{"two arities above zero", 0.1, func(d DAG) bool {
			mixed := slices.DeleteFunc(d.arities(), func(n int) bool { return n == 0 })
			slices.Sort(mixed)
			return len(slices.Compact(mixed)) > 1
		}},
		class[DAG]{"parents out of order", 0.1, func(d DAG) bool {
			for i := range d.SequenceLength() + 1 {
				if !slices.IsSorted(d.Parents(i)) {
					return true
				}
			}
			return false
		}},
	)
}

// arities lists the numbers of parents of the positions and the target.
func (d DAG) arities() []int {
	n := make([]int, d.SequenceLength()+1)
	for i := range n {
		n[i] = len(d.Parents(i))
	}
	return n
}

func chainClasses() []class[Chain] {
	low := func(c Chain) float64 { v, _, _ := c.Smallest(); return v }
	return append(named(Kinds(), 0.02, func(c Chain) string { return c.Kind }), []class[Chain]{
		{"two tokens", 0.1, func(c Chain) bool { return c.Tokens() == 2 }},
		{"four tokens", 0.1, func(c Chain) bool { return c.Tokens() == 4 }},
		{"periodic", 0.002, func(c Chain) bool { return c.Period() > 1 }},
		{"with a zero", 0.02, func(c Chain) bool { return low(c) == 0 }},
		{"no entry below 0.1/S", 0.2, func(c Chain) bool { return low(c) >= 0.1/float64(c.Tokens()) }},
		{"an entry below 0.001", 0.1, func(c Chain) bool { return low(c) < 0.001 }},
		{"a spectral gap below 0.01", 0.02, func(c Chain) bool { return c.gap() < 0.01 }},
		{"a spectral gap above 0.5", 0.2, func(c Chain) bool { return c.gap() > 0.5 }},
		{"independent tokens", 0.02, func(c Chain) bool { return c.correlation() < 1e-7 }},
		{"a maximal correlation above 0.9", 0.1, func(c Chain) bool { return c.correlation() > 0.9 }},
		{"a uniform stationary distribution", 0.05, func(c Chain) bool { return spread(c.Stationary()) < 1e-12 }},
		{"a stationary entry below 0.05", 0.05, func(c Chain) bool { return slices.Min(c.Stationary()) < 0.05 }},
		{"not reversible", 0.2, func(c Chain) bool { return spread(difference(c.Flat(), c.Reversed().Flat())) > 1e-9 }},
	}...)
}

// gap and correlation are NaN, of no class, where the spectrum cannot be had.
func (c Chain) gap() float64 {
	v, err := c.SpectralGap()
	if err != nil {
		return math.NaN()
	}
	return v
}

func (c Chain) correlation() float64 {
	v, err := c.SecondSingularValue()
	if err != nil {
		return math.NaN()
	}
	return v
}

func spread(v []float64) float64 { return slices.Max(v) - slices.Min(v) }

func difference(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return d
}

func paramClasses() []class[Params] {
	largest := func(p Params) float64 { return max(slices.Max(p.Values), -slices.Min(p.Values)) }
	return append(named(ParamClasses(), 0.04, func(p Params) string { return p.Class }), []class[Params]{
		{"all zero", 0.04, func(p Params) bool { return largest(p) == 0 }},
		{"largest entry below 0.001", 0.08, func(p Params) bool { return largest(p) < 0.001 }},
		{"largest entry about 1", 0.04, func(p Params) bool { return largest(p) > 0.3 && largest(p) <= 3 }},
		{"largest entry above 100", 0.04, func(p Params) bool { return largest(p) > 100 }},
	}...)
}

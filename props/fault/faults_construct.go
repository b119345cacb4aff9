package fault

import (
	"math"
	"slices"

	"causalgrad/impl/construct"
	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// constructFaults are mistakes in the constructions and what is measured of them.
func constructFaults() []Fault {
	return []Fault{
		patch("construct-transposed", "the first layer's matrices are transposed: parents attend to children", func(v *variant) {
			v.construct = func(own implaws.Construction) implaws.Construction { return onFirstLayer(own, turned) }
		}, "construct-adjacency"),
		patch("construct-anti-match", "the token score beta has the wrong sign: positions that disagree are averaged", func(v *variant) {
			v.construct = func(own implaws.Construction) implaws.Construction {
				return onBlocks(own, func(name string) bool { return name == "A2" || name == "A1.0" }, func(b []float64, _ int) {
					for i := range b {
						b[i] = -b[i]
					}
				})
			}
		}, "construct-limit"),
		patch("construct-scale-unsaid", "the read-out is the identity, but its scale is given as 2", func(v *variant) {
			v.construct = func(own implaws.Construction) implaws.Construction { own.Scale *= 2; return own }
		}, "construct-readout", "construct-limit"),
		patch("construct-limit-roots", "the limit counts root rows whatever is done with them", func(v *variant) {
			v.limit = func(s implaws.Constructor, kind string, t props.TaskSpec, c construct.Settings, b *task.Batch) ([]float64, error) {
				c.Roots = construct.RootsUniform
				return s.ConstructionLimit(kind, t, c, b)
			}
		}, "construct-count", "construct-limit"),
		patch("construct-bound-tight", "the bound is divided by 4", func(v *variant) {
			v.bound = func(own float64) float64 { return own / 4 }
		}, "construct-bound"),
		patch("construct-unpaired", "every setting is measured on sequences of its own", func(v *variant) {
			v.rows = func(s implaws.Constructor, kind string, t []props.TaskSpec, c []construct.Settings, o construct.Options) (all []construct.Row, err error) {
				for i := range c {
					own := o
					own.Seed += uint64(i)
					rows, err := s.MeasureConstructions(kind, t, c[i:i+1], own)
					if err != nil {
						return nil, err
					}
					all = append(all, rows...)
				}
				return all, nil
			}
		}, "construct-paired"),
		patch("construct-distance-of-first", "the largest distance is that to the uniform law", func(v *variant) {
			v.rows = func(s implaws.Constructor, kind string, t []props.TaskSpec, c []construct.Settings, o construct.Options) ([]construct.Row, error) {
				rows, err := s.MeasureConstructions(kind, t, c, o)
				for i := range rows {
					rows[i].Frequency.Max = 1 - 1/float64(t[0].Tokens)
				}
				return rows, err
			}
		}, "construct-reaches-count"),
		patch("single-parent-worst", "the best slot is the one of largest loss", func(v *variant) {
			v.single = func(own construct.SingleParents) construct.SingleParents {
				for j, slot := range own.Slots {
					if slot.Value > own.Slots[own.Best].Value {
						own.Best = j
					}
				}
				return own
			}
		}, "single-parent-order"),
		patch("single-parent-first", "every slot is given the first one's loss", func(v *variant) {
			v.single = func(own construct.SingleParents) construct.SingleParents {
				own.Slots = slices.Repeat(own.Slots[:1], len(own.Slots))
				own.Best = 0
				return own
			}
		}, "single-parent-order"),
		patch("single-parent-full", "the full estimator's loss is that of the best slot, less a last bit", func(v *variant) {
			v.single = func(own construct.SingleParents) construct.SingleParents {
				own.Count.Value = math.Nextafter(own.Slots[own.Best].Value, 0)
				return own
			}
		}, "single-parent-of-one"),
		patch("readout-floor-plain", "the floor is taken at scale 1", func(v *variant) {
			v.floor = func(own implaws.Floor) implaws.Floor { own.Scale = 1; return own }
		}, "readout-floor"),
		patch("readout-floor-halved", "the best scale is sought between half the bounds", func(v *variant) {
			v.floor = func(own implaws.Floor) implaws.Floor { own.Scale /= 2; return own }
		}, "readout-floor"),
		patch("balanced-beta-negative", "the balanced beta may be negative", func(v *variant) {
			v.balanced = func(own float64) float64 {
				if own == 0 {
					return -0.1
				}
				return own
			}
		}, "balanced-beta"),
		patch("heads-other-run", "the losses reported are those of one step more", func(v *variant) {
			v.heads = func(s implaws.Yardsticks, t props.TaskSpec, c construct.Training) (construct.Reached, error) {
				own, err := s.TrainHeads(t, c)
				if err != nil {
					return own, err
				}
				c.Steps++
				next, err := s.TrainHeads(t, c)
				own.Losses = next.Losses
				return own, err
			}
		}, "heads-measured"),
	}
}

// onBlocks is the construction with named blocks altered; change is told a
// block's width.
func onBlocks(own implaws.Construction, named func(string) bool, change func(block []float64, columns int)) implaws.Construction {
	m, err := own.Model.Model()
	if err != nil {
		return own
	}
	own.Params = slices.Clone(own.Params)
	for _, b := range m.Layout() {
		if named(b.Name) {
			change(b.Of(own.Params), b.Cols)
		}
	}
	return own
}

// onFirstLayer alters the score matrices of the first layer.
func onFirstLayer(own implaws.Construction, change func(block []float64, columns int)) implaws.Construction {
	m, err := own.Model.Model()
	if err != nil {
		return own
	}
	first := m.Layout()[:1] // the reduced model's A1
	if len(own.Model.Heads) > 0 {
		first = m.Layout()[:own.Model.Heads[0]]
	}
	return onBlocks(own, func(name string) bool { _, err := first.Block(name); return err == nil }, change)
}

func turned(block []float64, n int) {
	for i := range n {
		for k := range i {
			block[i*n+k], block[k*n+i] = block[k*n+i], block[i*n+k]
		}
	}
}

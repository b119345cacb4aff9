package fault

import (
	"causalgrad/impl/construct"
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// constructHooks replace the operations of a Constructor, Yardsticks and a
// Summariser.
type constructHooks struct {
	construct func(own implaws.Construction) implaws.Construction
	limit     func(s implaws.Constructor, kind string, t props.TaskSpec, c construct.Settings, b *task.Batch) ([]float64, error)
	bound     func(own float64) float64
	rows      func(s implaws.Constructor, kind string, t []props.TaskSpec, c []construct.Settings, o construct.Options) ([]construct.Row, error)

	single   func(own construct.SingleParents) construct.SingleParents
	floor    func(own implaws.Floor) implaws.Floor
	heads    func(s implaws.Yardsticks, t props.TaskSpec, c construct.Training) (construct.Reached, error)
	balanced func(own float64) float64

	losses  func(own measure.Losses) measure.Losses
	blocks  func(own [][]float64) [][]float64
	average func(own [][]float64, o measure.Options) [][]float64
	edges   func(s implaws.Summariser, t props.TaskSpec, blocks [][]float64) (measure.Edges, error)
}

func (h constructHooks) constructTouched() (all []props.Capability) {
	if h.construct != nil || h.limit != nil || h.bound != nil || h.rows != nil {
		all = append(all, implaws.CanConstruct)
	}
	if h.single != nil || h.floor != nil || h.heads != nil || h.balanced != nil {
		all = append(all, implaws.CanYardstick)
	}
	if h.losses != nil || h.blocks != nil || h.average != nil || h.edges != nil {
		all = append(all, implaws.CanSummarise)
	}
	return all
}

// Construct implements implaws.Constructor.
func (v *variant) Construct(kind string, t props.TaskSpec, c construct.Settings) (implaws.Construction, error) {
	s, err := capable[implaws.Constructor](v)
	if err != nil {
		return implaws.Construction{}, err
	}
	own, err := s.Construct(kind, t, c)
	if v.covers(implaws.CanConstruct, err) {
		return own, nil
	}
	if err != nil || v.construct == nil {
		return own, err
	}
	return v.construct(own), nil
}

// ConstructionLimit implements implaws.Constructor.
func (v *variant) ConstructionLimit(kind string, t props.TaskSpec, c construct.Settings, b *task.Batch) ([]float64, error) {
	s, err := capable[implaws.Constructor](v)
	if err != nil {
		return nil, err
	}
	own, err := s.ConstructionLimit(kind, t, c, b)
	if err != nil || v.limit == nil {
		return own, err
	}
	return v.limit(s, kind, t, c, b)
}

// ConstructionBound implements implaws.Constructor.
func (v *variant) ConstructionBound(kind string, t props.TaskSpec, c construct.Settings, matches int) (float64, error) {
	s, err := capable[implaws.Constructor](v)
	if err != nil {
		return 0, err
	}
	own, err := s.ConstructionBound(kind, t, c, matches)
	if err != nil || v.bound == nil {
		return own, err
	}
	return v.bound(own), nil
}

// MeasureConstructions implements implaws.Constructor.
func (v *variant) MeasureConstructions(kind string, t []props.TaskSpec, c []construct.Settings, o construct.Options) ([]construct.Row, error) {
	s, err := capable[implaws.Constructor](v)
	if err != nil {
		return nil, err
	}
	own, err := s.MeasureConstructions(kind, t, c, o)
	if v.covers(implaws.CanConstruct, err) {
		return own, nil
	}
	if err != nil || v.rows == nil {
		return own, err
	}
	return v.rows(s, kind, t, c, o)
}

// SingleParents implements implaws.Yardsticks.
func (v *variant) SingleParents(t props.TaskSpec, alpha float64, o construct.Options) (construct.SingleParents, error) {
	s, err := capable[implaws.Yardsticks](v)
	if err != nil {
		return construct.SingleParents{}, err
	}
	own, err := s.SingleParents(t, alpha, o)
	if v.covers(implaws.CanYardstick, err) {
		return own, nil
	}
	if err != nil || v.single == nil {
		return own, err
	}
	return v.single(own), nil
}

// ReadoutFloor implements implaws.Yardsticks.
func (v *variant) ReadoutFloor(t props.TaskSpec, o construct.Options) (implaws.Floor, error) {
	s, err := capable[implaws.Yardsticks](v)
	if err != nil {
		return implaws.Floor{}, err
	}
	own, err := s.ReadoutFloor(t, o)
	if v.covers(implaws.CanYardstick, err) {
		return own, nil
	}
	if err != nil || v.floor == nil {
		return own, err
	}
	return v.floor(own), nil
}

// TrainHeads implements implaws.Yardsticks.
func (v *variant) TrainHeads(t props.TaskSpec, c construct.Training) (construct.Reached, error) {
	s, err := capable[implaws.Yardsticks](v)
	if err != nil {
		return construct.Reached{}, err
	}
	own, err := s.TrainHeads(t, c)
	if v.covers(implaws.CanYardstick, err) {
		return own, nil
	}
	if err != nil || v.heads == nil {
		return own, err
	}
	return v.heads(s, t, c)
}

// BalancedBeta implements implaws.Yardsticks.
func (v *variant) BalancedBeta(length, tokens int, alpha float64) float64 {
	s, err := capable[implaws.Yardsticks](v)
	if err != nil {
		return 0
	}
	own := s.BalancedBeta(length, tokens, alpha)
	if v.balanced == nil {
		return own
	}
	return v.balanced(own)
}

// Losses implements implaws.Summariser.
func (v *variant) Losses(m props.ModelSpec, params []float64, t props.TaskSpec, trainingAlpha float64, o measure.Options) (measure.Losses, error) {
	s, err := capable[implaws.Summariser](v)
	if err != nil {
		return measure.Losses{}, err
	}
	own, err := s.Losses(m, params, t, trainingAlpha, o)
	if v.covers(implaws.CanSummarise, err) {
		return own, nil
	}
	if err != nil || v.losses == nil {
		return own, err
	}
	return v.losses(own), nil
}

// PositionBlock implements implaws.Summariser.
func (v *variant) PositionBlock(m props.ModelSpec, params []float64) ([][]float64, error) {
	s, err := capable[implaws.Summariser](v)
	if err != nil {
		return nil, err
	}
	own, err := s.PositionBlock(m, params)
	if v.covers(implaws.CanSummarise, err) {
		return own, nil
	}
	if err != nil || v.blocks == nil {
		return own, err
	}
	return v.blocks(own), nil
}

// AverageAttention implements implaws.Summariser.
func (v *variant) AverageAttention(m props.ModelSpec, params []float64, t props.TaskSpec, o measure.Options) ([][]float64, error) {
	s, err := capable[implaws.Summariser](v)
	if err != nil {
		return nil, err
	}
	own, err := s.AverageAttention(m, params, t, o)
	if err != nil || v.average == nil {
		return own, err
	}
	return v.average(own, o), nil
}

// EdgeAttention implements implaws.Summariser.
func (v *variant) EdgeAttention(t props.TaskSpec, blocks [][]float64) (measure.Edges, error) {
	s, err := capable[implaws.Summariser](v)
	if err != nil {
		return measure.Edges{}, err
	}
	own, err := s.EdgeAttention(t, blocks)
	if err != nil || v.edges == nil {
		return own, err
	}
	return v.edges(s, t, blocks)
}

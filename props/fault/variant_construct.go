package fault

import (
	"causalgrad/impl/construct"
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/props"
)

// constructHooks replace the operations of a Constructor, Yardsticks and a
// Summariser.
type constructHooks struct {
	construct func(own props.Construction) props.Construction
	limit     func(s props.Constructor, kind string, t props.TaskSpec, c construct.Settings, b *task.Batch) ([]float64, error)
	bound     func(own float64) float64
	rows      func(s props.Constructor, kind string, t []props.TaskSpec, c []construct.Settings, o construct.Options) ([]construct.Row, error)

	single   func(own construct.SingleParents) construct.SingleParents
	floor    func(own props.Floor) props.Floor
	heads    func(s props.Yardsticks, t props.TaskSpec, c construct.Training) (construct.Reached, error)
	balanced func(own float64) float64

	losses  func(own measure.Losses) measure.Losses
	blocks  func(own [][]float64) [][]float64
	average func(own [][]float64, o measure.Options) [][]float64
	edges   func(s props.Summariser, t props.TaskSpec, blocks [][]float64) (measure.Edges, error)
}

func (h constructHooks) constructTouched() (all []props.Capability) {
	if h.construct != nil || h.limit != nil || h.bound != nil || h.rows != nil {
		all = append(all, props.CanConstruct)
	}
	if h.single != nil || h.floor != nil || h.heads != nil || h.balanced != nil {
		all = append(all, props.CanYardstick)
	}
	if h.losses != nil || h.blocks != nil || h.average != nil || h.edges != nil {
		all = append(all, props.CanSummarise)
	}
	return all
}

// Construct implements props.Constructor.
func (v *variant) Construct(kind string, t props.TaskSpec, c construct.Settings) (props.Construction, error) {
	s, err := capable[props.Constructor](v)
	if err != nil {
		return props.Construction{}, err
	}
	own, err := s.Construct(kind, t, c)
	if v.covers(props.CanConstruct, err) {
		return own, nil
	}
	if err != nil || v.construct == nil {
		return own, err
	}
	return v.construct(own), nil
}

// ConstructionLimit implements props.Constructor.
func (v *variant) ConstructionLimit(kind string, t props.TaskSpec, c construct.Settings, b *task.Batch) ([]float64, error) {
	s, err := capable[props.Constructor](v)
	if err != nil {
		return nil, err
	}
	own, err := s.ConstructionLimit(kind, t, c, b)
	if err != nil || v.limit == nil {
		return own, err
	}
	return v.limit(s, kind, t, c, b)
}

// ConstructionBound implements props.Constructor.
func (v *variant) ConstructionBound(kind string, t props.TaskSpec, c construct.Settings, matches int) (float64, error) {
	s, err := capable[props.Constructor](v)
	if err != nil {
		return 0, err
	}
	own, err := s.ConstructionBound(kind, t, c, matches)
	if err != nil || v.bound == nil {
		return own, err
	}
	return v.bound(own), nil
}

// MeasureConstructions implements props.Constructor.
func (v *variant) MeasureConstructions(kind string, t []props.TaskSpec, c []construct.Settings, o construct.Options) ([]construct.Row, error) {
	s, err := capable[props.Constructor](v)
	if err != nil {
		return nil, err
	}
	own, err := s.MeasureConstructions(kind, t, c, o)
	if v.covers(props.CanConstruct, err) {
		return own, nil
	}
	if err != nil || v.rows == nil {
		return own, err
	}
	return v.rows(s, kind, t, c, o)
}

// SingleParents implements props.Yardsticks.
func (v *variant) SingleParents(t props.TaskSpec, alpha float64, o construct.Options) (construct.SingleParents, error) {
	s, err := capable[props.Yardsticks](v)
	if err != nil {
		return construct.SingleParents{}, err
	}
	own, err := s.SingleParents(t, alpha, o)
	if v.covers(props.CanYardstick, err) {
		return own, nil
	}
	if err != nil || v.single == nil {
		return own, err
	}
	return v.single(own), nil
}

// ReadoutFloor implements props.Yardsticks.
func (v *variant) ReadoutFloor(t props.TaskSpec, o construct.Options) (props.Floor, error) {
	s, err := capable[props.Yardsticks](v)
	if err != nil {
		return props.Floor{}, err
	}
	own, err := s.ReadoutFloor(t, o)
	if v.covers(props.CanYardstick, err) {
		return own, nil
	}
	if err != nil || v.floor == nil {
		return own, err
	}
	return v.floor(own), nil
}

// TrainHeads implements props.Yardsticks.
func (v *variant) TrainHeads(t props.TaskSpec, c construct.Training) (construct.Reached, error) {
	s, err := capable[props.Yardsticks](v)
	if err != nil {
		return construct.Reached{}, err
	}
	own, err := s.TrainHeads(t, c)
	if v.covers(props.CanYardstick, err) {
		return own, nil
	}
	if err != nil || v.heads == nil {
		return own, err
	}
	return v.heads(s, t, c)
}

// BalancedBeta implements props.Yardsticks.
func (v *variant) BalancedBeta(length, tokens int, alpha float64) float64 {
	s, err := capable[props.Yardsticks](v)
	if err != nil {
		return 0
	}
	own := s.BalancedBeta(length, tokens, alpha)
	if v.balanced == nil {
		return own
	}
	return v.balanced(own)
}

// Losses implements props.Summariser.
func (v *variant) Losses(m props.ModelSpec, params []float64, t props.TaskSpec, trainingAlpha float64, o measure.Options) (measure.Losses, error) {
	s, err := capable[props.Summariser](v)
	if err != nil {
		return measure.Losses{}, err
	}
	own, err := s.Losses(m, params, t, trainingAlpha, o)
	if v.covers(props.CanSummarise, err) {
		return own, nil
	}
	if err != nil || v.losses == nil {
		return own, err
	}
	return v.losses(own), nil
}

// PositionBlock implements props.Summariser.
func (v *variant) PositionBlock(m props.ModelSpec, params []float64) ([][]float64, error) {
	s, err := capable[props.Summariser](v)
	if err != nil {
		return nil, err
	}
	own, err := s.PositionBlock(m, params)
	if v.covers(props.CanSummarise, err) {
		return own, nil
	}
	if err != nil || v.blocks == nil {
		return own, err
	}
	return v.blocks(own), nil
}

// AverageAttention implements props.Summariser.
func (v *variant) AverageAttention(m props.ModelSpec, params []float64, t props.TaskSpec, o measure.Options) ([][]float64, error) {
	s, err := capable[props.Summariser](v)
	if err != nil {
		return nil, err
	}
	own, err := s.AverageAttention(m, params, t, o)
	if err != nil || v.average == nil {
		return own, err
	}
	return v.average(own, o), nil
}

// EdgeAttention implements props.Summariser.
func (v *variant) EdgeAttention(t props.TaskSpec, blocks [][]float64) (measure.Edges, error) {
	s, err := capable[props.Summariser](v)
	if err != nil {
		return measure.Edges{}, err
	}
	own, err := s.EdgeAttention(t, blocks)
	if err != nil || v.edges == nil {
		return own, err
	}
	return v.edges(s, t, blocks)
}

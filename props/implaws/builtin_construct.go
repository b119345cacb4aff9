package implaws

import (
	"causalgrad/impl/construct"
	"causalgrad/impl/task"
	"causalgrad/props"
)

var _ interface {
	Constructor
	Yardsticks
} = builtin{}

func built(kind string, t props.TaskSpec, s construct.Settings) (construct.Built, error) {
	g, err := t.Graph()
	if err != nil {
		return construct.Built{}, err
	}
	return construct.Build(kind, g, t.Tokens, s)
}

func (builtin) Construct(kind string, t props.TaskSpec, s construct.Settings) (Construction, error) {
	b, err := built(kind, t, s)
	if err != nil {
		return Construction{}, err
	}
	m, err := specOf(b.Model, s.Eps)
	return Construction{m, b.Params, b.Scale}, err
}

func (builtin) ConstructionLimit(kind string, t props.TaskSpec, s construct.Settings, batch *task.Batch) ([]float64, error) {
	b, err := built(kind, t, s)
	if err != nil {
		return nil, err
	}
	out := make([]float64, batch.N*batch.S)
	b.Limit(batch, out)
	return out, nil
}

func (builtin) ConstructionBound(kind string, t props.TaskSpec, s construct.Settings, matches int) (float64, error) {
	b, err := built(kind, t, s)
	if err != nil {
		return 0, err
	}
	return b.Bound(matches), nil
}

func (builtin) MeasureConstructions(kind string, specs []props.TaskSpec, s []construct.Settings, o construct.Options) ([]construct.Row, error) {
	var tasks []task.Task
	for _, t := range specs {
		k, err := t.Task()
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, k)
	}
	return construct.Ladder(kind, tasks, s, o)
}

func (builtin) SingleParents(t props.TaskSpec, alpha float64, o construct.Options) (construct.SingleParents, error) {
	k, err := t.Task()
	if err != nil {
		return construct.SingleParents{}, err
	}
	return construct.SingleParent(k, alpha, o)
}

func (builtin) ReadoutFloor(t props.TaskSpec, o construct.Options) (Floor, error) {
	k, err := t.Task()
	if err != nil {
		return Floor{}, err
	}
	scale, gap, err := construct.ReadoutFloor(k, o)
	return Floor{scale, gap.Value, gap.StdErr}, err
}

func (builtin) TrainHeads(t props.TaskSpec, c construct.Training) (construct.Reached, error) {
	k, err := t.Task()
	if err != nil {
		return construct.Reached{}, err
	}
	return construct.Train(k, c)
}

func (builtin) BalancedBeta(length, tokens int, alpha float64) float64 {
	return construct.BalancedBeta(length, tokens, alpha)
}

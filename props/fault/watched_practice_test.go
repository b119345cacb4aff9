package fault

import (
	"causalgrad/impl/construct"
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/props/catalogue"
	"causalgrad/props/implaws"
)

// watchedPractice notes what is asked of the capabilities of practiceHooks.
func watchedPractice(note func(props.Capability)) practiceHooks {
	return practiceHooks{
		constructHooks: watchedConstructions(note),
		trainHooks:     watchedTraining(note),
		transferHooks: transferHooks{
			relabel: func(own measure.Relabelling) measure.Relabelling { note(implaws.CanTransfer); return own },
			spectra: func(own measure.Spectra, err error) (measure.Spectra, error) {
				note(implaws.CanTransfer)
				return own, err
			},
			sampleSingle: func(s implaws.Rounder, t props.TaskSpec, r task.Numbers, n int, seed uint64) (*task.Batch, error) {
				note(implaws.CanRound)
				return s.SampleRounded(t, r, n, seed)
			},
			trainSingle: func(_ implaws.Rounder, own training, _ props.TrainSpec) (training, error) {
				note(implaws.CanRound)
				return own, nil
			},
		},
		weightsHooks: weightsHooks{
			writeWeights: func(s implaws.WeightStore, name string, m props.ModelSpec, params []float64) error {
				note(implaws.CanStoreWeights)
				return s.WriteWeights(name, m, params)
			},
			readWeights: func(own weightsAnswer, err error) (weightsAnswer, error) {
				note(implaws.CanStoreWeights)
				return own, err
			},
		},
		kernelHooks: kernelHooks{
			kernels: func(own []string) []string { note(implaws.CanForceKernel); return own },
			evaluateDense: func(own implaws.FullEvaluation, _ props.ModelSpec, _ []float64, _ *task.Batch) (implaws.FullEvaluation, error) {
				note(implaws.CanEvaluateDense)
				return own, nil
			},
		},
	}
}

// watchedConstructions notes what is asked of a Constructor, Yardsticks and a
// Summariser.
func watchedConstructions(note func(props.Capability)) constructHooks {
	return constructHooks{
		construct: func(own implaws.Construction) implaws.Construction { note(implaws.CanConstruct); return own },
		rows: func(s implaws.Constructor, kind string, t []props.TaskSpec, c []construct.Settings, o construct.Options) ([]construct.Row, error) {
			note(implaws.CanConstruct)
			return s.MeasureConstructions(kind, t, c, o)
		},
		single: func(own construct.SingleParents) construct.SingleParents { note(implaws.CanYardstick); return own },
		floor:  func(own implaws.Floor) implaws.Floor { note(implaws.CanYardstick); return own },
		heads: func(s implaws.Yardsticks, t props.TaskSpec, c construct.Training) (construct.Reached, error) {
			note(implaws.CanYardstick)
			return s.TrainHeads(t, c)
		},
		balanced: func(own float64) float64 { note(implaws.CanYardstick); return own },
		losses:   func(own measure.Losses) measure.Losses { note(implaws.CanSummarise); return own },
		average:  func(own [][]float64, _ measure.Options) [][]float64 { note(implaws.CanSummarise); return own },
		edges: func(s implaws.Summariser, t props.TaskSpec, blocks [][]float64) (measure.Edges, error) {
			note(implaws.CanSummarise)
			return s.EdgeAttention(t, blocks)
		},
	}
}

// watchedTraining notes what is asked of a Resumer, a Stager, a Validator and a
// TaskVariants.
func watchedTraining(note func(props.Capability)) trainHooks {
	return trainHooks{
		trainedInParts: func(_ implaws.Resumer, _ props.TrainSpec, _ []int, own training, err error) (training, error) {
			note(implaws.CanResume)
			return own, err
		},
		gradientAt: func(s implaws.Resumer, t props.TrainSpec, step int) (float64, []float64, error) {
			note(implaws.CanResume)
			return s.GradientAt(t, step)
		},
		stages: func(own implaws.Stages, _ props.TaskSpec, _ train.Algorithm1, err error) (implaws.Stages, error) {
			note(implaws.CanStage)
			return own, err
		},
		initial: func(own []float64, _ props.ModelSpec) []float64 { note(implaws.CanStage); return own },
		lets:    func(error) bool { note(implaws.CanValidate); return false },
		wrapped: func(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error) {
			note(implaws.CanVary)
			return catalogue.Builtin().(implaws.TaskVariants).WrappedCount(t, b, alpha)
		},
		slot: func(s implaws.TaskVariants, t props.TaskSpec, slot int, b *task.Batch, alpha float64) ([]float64, error) {
			note(implaws.CanVary)
			return s.SingleParentCount(t, slot, b, alpha)
		},
		under: func(s implaws.TaskVariants, t, other props.TaskSpec, n int, seed uint64) (*task.Batch, error) {
			note(implaws.CanVary)
			return s.SampleUnder(t, other, n, seed)
		},
	}
}

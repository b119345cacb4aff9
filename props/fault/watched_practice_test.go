package fault

import (
	"causalgrad/impl/construct"
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
)

// watchedPractice notes what is asked of the capabilities of practiceHooks.
func watchedPractice(note func(props.Capability)) practiceHooks {
	return practiceHooks{
		constructHooks: watchedConstructions(note),
		trainHooks:     watchedTraining(note),
		transferHooks: transferHooks{
			relabel: func(own measure.Relabelling) measure.Relabelling { note(props.CanTransfer); return own },
			spectra: func(own measure.Spectra, err error) (measure.Spectra, error) {
				note(props.CanTransfer)
				return own, err
			},
			sampleSingle: func(s props.Rounder, t props.TaskSpec, r task.Numbers, n int, seed uint64) (*task.Batch, error) {
				note(props.CanRound)
				return s.SampleRounded(t, r, n, seed)
			},
			trainSingle: func(_ props.Rounder, own training, _ props.TrainSpec) (training, error) {
				note(props.CanRound)
				return own, nil
			},
		},
		weightsHooks: weightsHooks{
			writeWeights: func(s props.WeightStore, name string, m props.ModelSpec, params []float64) error {
				note(props.CanStoreWeights)
				return s.WriteWeights(name, m, params)
			},
			readWeights: func(own weightsAnswer, err error) (weightsAnswer, error) {
				note(props.CanStoreWeights)
				return own, err
			},
		},
		kernelHooks: kernelHooks{
			kernels: func(own []string) []string { note(props.CanForceKernel); return own },
			evaluateDense: func(own props.FullEvaluation, _ props.ModelSpec, _ []float64, _ *task.Batch) (props.FullEvaluation, error) {
				note(props.CanEvaluateDense)
				return own, nil
			},
		},
	}
}

// watchedConstructions notes what is asked of a Constructor, Yardsticks and a
// Summariser.
func watchedConstructions(note func(props.Capability)) constructHooks {
	return constructHooks{
		construct: func(own props.Construction) props.Construction { note(props.CanConstruct); return own },
		rows: func(s props.Constructor, kind string, t []props.TaskSpec, c []construct.Settings, o construct.Options) ([]construct.Row, error) {
			note(props.CanConstruct)
			return s.MeasureConstructions(kind, t, c, o)
		},
		single: func(own construct.SingleParents) construct.SingleParents { note(props.CanYardstick); return own },
		floor:  func(own props.Floor) props.Floor { note(props.CanYardstick); return own },
		heads: func(s props.Yardsticks, t props.TaskSpec, c construct.Training) (construct.Reached, error) {
			note(props.CanYardstick)
			return s.TrainHeads(t, c)
		},
		balanced: func(own float64) float64 { note(props.CanYardstick); return own },
		losses:   func(own measure.Losses) measure.Losses { note(props.CanSummarise); return own },
		average:  func(own [][]float64, _ measure.Options) [][]float64 { note(props.CanSummarise); return own },
		edges: func(s props.Summariser, t props.TaskSpec, blocks [][]float64) (measure.Edges, error) {
			note(props.CanSummarise)
			return s.EdgeAttention(t, blocks)
		},
	}
}

// watchedTraining notes what is asked of a Resumer, a Stager, a Validator and a
// TaskVariants.
func watchedTraining(note func(props.Capability)) trainHooks {
	return trainHooks{
		trainedInParts: func(_ props.Resumer, _ props.TrainSpec, _ []int, own training, err error) (training, error) {
			note(props.CanResume)
			return own, err
		},
		gradientAt: func(s props.Resumer, t props.TrainSpec, step int) (float64, []float64, error) {
			note(props.CanResume)
			return s.GradientAt(t, step)
		},
		stages: func(own props.Stages, _ props.TaskSpec, _ train.Algorithm1, err error) (props.Stages, error) {
			note(props.CanStage)
			return own, err
		},
		initial: func(own []float64, _ props.ModelSpec) []float64 { note(props.CanStage); return own },
		lets:    func(error) bool { note(props.CanValidate); return false },
		wrapped: func(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error) {
			note(props.CanVary)
			return props.Builtin().(props.TaskVariants).WrappedCount(t, b, alpha)
		},
		slot: func(s props.TaskVariants, t props.TaskSpec, slot int, b *task.Batch, alpha float64) ([]float64, error) {
			note(props.CanVary)
			return s.SingleParentCount(t, slot, b, alpha)
		},
		under: func(s props.TaskVariants, t, other props.TaskSpec, n int, seed uint64) (*task.Batch, error) {
			note(props.CanVary)
			return s.SampleUnder(t, other, n, seed)
		},
	}
}

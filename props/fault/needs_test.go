package fault

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/catalogue"
	"causalgrad/props/theorylaws"
	"causalgrad/theory/certify"
	"causalgrad/theory/graph"
	"causalgrad/theory/interval"
	"causalgrad/theory/necessity"
)

// watched is the built-in subject, which notes what it is asked for.
func watched(asked *[]props.Capability) props.Subject {
	var mutex sync.Mutex // a law may ask from several goroutines
	note := func(c props.Capability) {
		mutex.Lock()
		defer mutex.Unlock()
		*asked = append(*asked, c)
	}
	return &variant{Subject: catalogue.Builtin(), name: "a witness",
		sample: func(own *task.Batch, _ props.TaskSpec, _ int, _ uint64) (*task.Batch, error) {
			note(props.CanSample)
			return own, nil
		},
		stationary: func(own []float64, _ [][]float64) ([]float64, error) { note(props.CanStationary); return own, nil },
		inform: func(own information, _ graph.Forest, _ [][]float64) (information, error) {
			note(props.CanInform)
			return own, nil
		},
		firstStep: func(own [][]float64, _ graph.Forest, _ [][]float64, _ float64) ([][]float64, error) {
			note(props.CanFirstStep)
			return own, nil
		},
		estimate: func(own []float64, _ props.TaskSpec, _ *task.Batch, _ float64) ([]float64, error) {
			note(props.CanEstimate)
			return own, nil
		},
		evaluate: func(own props.Evaluation, _ props.ModelSpec, _ []float64, _ *task.Batch) (props.Evaluation, error) {
			note(props.CanEvaluate)
			return own, nil
		},
		attend: func(own []float64, _ props.ModelSpec, _ []float64, _ *task.Batch) ([]float64, error) {
			note(props.CanAttend)
			return own, nil
		},
		optimize: func(own [][]float64, _ props.OptimizerSpec, _ []float64, _ [][]float64) ([][]float64, error) {
			note(props.CanOptimize)
			return own, nil
		},
		train: func(own training, _ props.TrainSpec) (training, error) { note(props.CanTrain); return own, nil },
		measure: func(own props.Measurement, _ *task.Batch, _ []float64) (props.Measurement, error) {
			note(props.CanMeasure)
			return own, nil
		},
		intervals: intervals{
			calculate: func(own interval.Interval, _ string, _, _ interval.Interval) interval.Interval {
				note(theorylaws.CanEnclose)
				return own
			},
			is: func(own bool, _ string, _, _ interval.Interval) bool { note(theorylaws.CanEnclose); return own },
		},
		certify: func(own answers, r certify.Region) (certify.Map, []certify.Part, error) {
			note(theorylaws.CanCertify)
			return own(r)
		},
		methods: func(own theorylaws.FirstStepMethods) theorylaws.FirstStepMethods {
			note(theorylaws.CanFirstStepMethods)
			return own
		},
		infer: func(own theorylaws.Inferrer) theorylaws.Inferrer { note(theorylaws.CanInfer); return own },
		graph: func(own theorylaws.GraphFacts, err error, _ theorylaws.GraphSource) (theorylaws.GraphFacts, error) {
			note(theorylaws.CanGraph)
			return own, err
		},
		conditions:  func(own theorylaws.Conditions) theorylaws.Conditions { note(theorylaws.CanCheck); return own },
		chains:      func(own theorylaws.Chains) theorylaws.Chains { note(theorylaws.CanSolveChains); return own },
		notation:    func(own theorylaws.Notation) theorylaws.Notation { note(theorylaws.CanReadChains); return own },
		facts:       func(own theorylaws.Facts) theorylaws.Facts { note(theorylaws.CanStateFacts); return own },
		arrays:      func(own theorylaws.Arrays) theorylaws.Arrays { note(theorylaws.CanReadArrays); return own },
		functions:   func(own theorylaws.Functions) theorylaws.Functions { note(theorylaws.CanComputeFunctions); return own },
		comparisons: func(own theorylaws.Comparisons) theorylaws.Comparisons { note(theorylaws.CanCompare); return own },
		streams:     func(own theorylaws.Streams) theorylaws.Streams { note(theorylaws.CanDraw); return own },
		harness:     watchedHarness(note),
		refute: refuting{
			search: func(own search, condition string, o necessity.Options) (necessity.Outcome, error) {
				note(theorylaws.CanRefute)
				return own(condition, o)
			},
			star: func(own star, delta float64, lengths []int) ([]necessity.StarRow, error) {
				note(theorylaws.CanRefute)
				return own(delta, lengths)
			},
		},
		practiceHooks: watchedPractice(note),
	}
}

// TestLawsNeedWhatTheyAsk: a law asks for nothing that it does not declare, else
// a fault that it sees would be skipped, and a subject without the capability
// would fail it.
func TestLawsNeedWhatTheyAsk(t *testing.T) {
	for _, l := range catalogue.All() {
		var asked []props.Capability
		r := props.Run([]props.Law{l}, watched(&asked), props.Options{Draws: 2, Seed: 1})[0]
		require.Equal(t, props.Passed, r.Verdict, "%s", r)
		for _, c := range asked {
			require.Contains(t, l.Needs, c, l.ID)
		}
		for _, c := range l.Needs {
			require.True(t, slices.Contains(asked, c), "%s needs %s and never asks for it", l.ID, c)
		}
	}
}

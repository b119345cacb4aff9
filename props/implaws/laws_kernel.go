package implaws

import (
	"fmt"
	"slices"

	"causalgrad/props"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// kernelLaws: a variant of the inner loops is a matter of speed alone.
func kernelLaws() []props.Law {
	forces := []props.Capability{CanForceKernel}
	return []props.Law{
		{ID: "kernel-evaluation", Source: "architecture, determinism", Needs: forces, Draws: 40, Check: kernelEvaluation,
			Sentence: "Every available kernel gives the same bits of loss, predictions, gradient and attention, at sizes that do and do not fill its lanes."},
		{ID: "kernel-training", Source: "architecture, determinism", Needs: forces, Draws: 20, Check: kernelTraining,
			Sentence: "Every available kernel with any number of workers trains to the same bits."},
		{ID: "kernel-names", Source: "architecture, determinism", Needs: forces, Draws: 10, Check: kernelNames,
			Sentence: "The portable kernel comes first, no kernel is listed twice, the one that runs is listed, and one that is not is refused by name."},
	}
}

// wideModel draws a model whose sizes are below, at and above multiples of the
// four and eight lanes of a vector unit.
func wideModel(t *rapid.T, kinds ...string) props.ModelSpec {
	m := props.DrawModel(t, kinds...)
	m.Tokens, m.Length = rapid.IntRange(2, 9).Draw(t, "wide tokens"), rapid.IntRange(3, 18).Draw(t, "wide length")
	if m.Kind == props.Reduced {
		m.Eps = 0.125 // a loss of +Inf would hide the rest
	}
	return m
}

func askKernels(t *rapid.T, s props.Subject) []string {
	names := s.(KernelRunner).Kernels()
	props.Demand(t, props.Case{}, len(names) > 0, "kernels", "at least one", "none")
	return names
}

func kernelEvaluation(t *rapid.T, s props.Subject) {
	x := props.NewTrial(t, s, wideModel(t, props.Disentangled, props.Disentangled, props.Reduced, props.Transformer))
	x.Params = gen.Parameters(len(x.Params)).Draw(t, "params").Values
	names := askKernels(t, s)
	evaluate := func(kernel string) (props.Case, FullEvaluation) {
		c := x.Text().Where("kernel %s", kernel)
		e := props.Ask(t, c, "evaluation", func() (FullEvaluation, error) { return s.(KernelRunner).EvaluateOn(kernel, x.Spec, x.Params, x.Batch) })
		props.Finite(t, c, "predictions", e.Predictions, x.Batch.N*x.Batch.S)
		return c, e
	}
	_, want := evaluate(names[0])
	for _, kernel := range names[1:] {
		c, got := evaluate(kernel)
		props.Equal(t, c, "loss", []float64{got.Loss}, []float64{want.Loss})
		props.Equal(t, c, "predictions", got.Predictions, want.Predictions)
		props.Equal(t, c, "gradient", got.Gradient, want.Gradient)
		props.Equal(t, c, "attention", got.Attention, want.Attention)
	}
}

func kernelTraining(t *rapid.T, s props.Subject) {
	r := props.DrawTraining(t, props.Disentangled, props.Reduced, props.Transformer)
	train := func(kernel string, workers int) (props.Case, props.Training) {
		own := r
		own.Workers = workers
		c := props.TrainingCase(t, own).Where("kernel %s", kernel)
		return c, props.Ask(t, c, "training", func() (props.Training, error) {
			params, losses, err := s.(KernelRunner).TrainOn(kernel, own)
			return props.Training{Params: params, Losses: losses}, err
		})
	}
	names := askKernels(t, s)
	_, want := train(names[0], 1)
	for _, kernel := range names {
		c, got := train(kernel, rapid.IntRange(1, 4).Draw(t, "workers of "+kernel))
		props.SameTraining(t, c, got, want)
	}
}

func kernelNames(t *rapid.T, s props.Subject) {
	names := askKernels(t, s)
	c := props.Case{}.Where("kernels %v", names)
	props.Demand(t, c, names[0] == "portable", "first kernel", "portable", names[0])
	sorted := slices.Sorted(slices.Values(names))
	props.Demand(t, c, len(slices.Compact(sorted)) == len(names), "kernels", "each once", fmt.Sprint(names))
	running := props.Ask(t, c, "kernel that runs", func() (string, error) { return s.(KernelRunner).RunningKernel() })
	props.Demand(t, c, slices.Contains(names, running), "kernel that runs", "one that is listed", running)
	unknown := rapid.SampledFrom([]string{"", "sse", "AVX2", "portable "}).Draw(t, "unknown kernel")
	m := props.ModelSpec{Kind: props.Reduced, Tokens: 2, Length: 3, Eps: 0.5}
	_, err := props.Guarded(func() (FullEvaluation, error) {
		return s.(KernelRunner).EvaluateOn(unknown, m, make([]float64, 13), gen.Batches(1, 3, 2).Draw(t, "batch"))
	})
	props.Refused(t, c.Where("kernel %q", unknown), "answer", err, fmt.Sprintf("kernel %q", unknown))
}

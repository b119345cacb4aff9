package props

import (
	"fmt"
	"slices"

	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// kernelLaws: a variant of the inner loops is a matter of speed alone.
func kernelLaws() []Law {
	forces := []Capability{CanForceKernel}
	return []Law{
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
func wideModel(t *rapid.T, kinds ...string) ModelSpec {
	m := drawModel(t, kinds...)
	m.Tokens, m.Length = rapid.IntRange(2, 9).Draw(t, "wide tokens"), rapid.IntRange(3, 18).Draw(t, "wide length")
	if m.Kind == reduced {
		m.Eps = 0.125 // a loss of +Inf would hide the rest
	}
	return m
}

func askKernels(t *rapid.T, s Subject) []string {
	names := s.(KernelRunner).Kernels()
	demand(t, Case{}, len(names) > 0, "kernels", "at least one", "none")
	return names
}

func kernelEvaluation(t *rapid.T, s Subject) {
	x := newTrial(t, s, wideModel(t, disentangled, disentangled, reduced, transformer))
	x.params = gen.Parameters(len(x.params)).Draw(t, "params").Values
	names := askKernels(t, s)
	evaluate := func(kernel string) (Case, FullEvaluation) {
		c := x.text().where("kernel %s", kernel)
		e := ask(t, c, "evaluation", func() (FullEvaluation, error) { return s.(KernelRunner).EvaluateOn(kernel, x.spec, x.params, x.batch) })
		finite(t, c, "predictions", e.Predictions, x.batch.N*x.batch.S)
		return c, e
	}
	_, want := evaluate(names[0])
	for _, kernel := range names[1:] {
		c, got := evaluate(kernel)
		equal(t, c, "loss", []float64{got.Loss}, []float64{want.Loss})
		equal(t, c, "predictions", got.Predictions, want.Predictions)
		equal(t, c, "gradient", got.Gradient, want.Gradient)
		equal(t, c, "attention", got.Attention, want.Attention)
	}
}

func kernelTraining(t *rapid.T, s Subject) {
	r := drawRun(t, disentangled, reduced, transformer)
	train := func(kernel string, workers int) (Case, trained) {
		own := r
		own.Workers = workers
		c := runText(t, own).where("kernel %s", kernel)
		return c, ask(t, c, "training", func() (trained, error) {
			params, losses, err := s.(KernelRunner).TrainOn(kernel, own)
			return trained{params, losses}, err
		})
	}
	names := askKernels(t, s)
	_, want := train(names[0], 1)
	for _, kernel := range names {
		c, got := train(kernel, rapid.IntRange(1, 4).Draw(t, "workers of "+kernel))
		sameRun(t, c, got, want)
	}
}

func kernelNames(t *rapid.T, s Subject) {
	names := askKernels(t, s)
	c := Case{}.where("kernels %v", names)
	demand(t, c, names[0] == "portable", "first kernel", "portable", names[0])
	sorted := slices.Sorted(slices.Values(names))
	demand(t, c, len(slices.Compact(sorted)) == len(names), "kernels", "each once", fmt.Sprint(names))
	running := ask(t, c, "kernel that runs", func() (string, error) { return s.(KernelRunner).RunningKernel() })
	demand(t, c, slices.Contains(names, running), "kernel that runs", "one that is listed", running)
	unknown := rapid.SampledFrom([]string{"", "sse", "AVX2", "portable "}).Draw(t, "unknown kernel")
	m := ModelSpec{Kind: reduced, Tokens: 2, Length: 3, Eps: 0.5}
	_, err := guarded(func() (FullEvaluation, error) {
		return s.(KernelRunner).EvaluateOn(unknown, m, make([]float64, 13), gen.Batches(1, 3, 2).Draw(t, "batch"))
	})
	refused(t, c.where("kernel %q", unknown), "answer", err, fmt.Sprintf("kernel %q", unknown))
}

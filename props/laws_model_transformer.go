package props

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/impl/model"
	"pgregory.net/rapid"
)

// transformerLaws: symmetries of the residual stream and of the MLP.
func transformerLaws() []Law {
	evaluates := []Capability{CanEvaluate}
	return []Law{
		{ID: "relu-homogeneity", Source: section("2"), Needs: evaluates, Check: reluHomogeneity,
			Sentence: "An MLP's inner layer times c > 0 and its outer matrix divided by c change nothing, and scale the gradients by 1/c and c."},
		{ID: "hidden-permutation", Source: section("2"), Needs: evaluates, Check: hiddenPermutation,
			Sentence: "Permuting the hidden units of an MLP permutes the gradient and keeps the rest."},
		{ID: "feature-permutation", Source: section("2"), Needs: evaluates, Check: featurePermutation,
			Sentence: "Permuting the coordinates of the residual stream, wherever they are read or written, permutes the gradient and " +
				"keeps the rest."},
		{ID: "silent-mlp", Source: section("2"), Needs: evaluates, Check: silentMLP,
			Sentence: "With no outer matrices and biases the transformer predicts softmax(W^T (wte[s_T] + wpe[T])), whatever its attention."},
	}
}

// reluHomogeneity: c is a power of 2, so that scaling rounds nothing.
func reluHomogeneity(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindTransformer)
	c := math.Exp2(float64(rapid.IntRange(1, 3).Draw(t, "log2 c")))
	l := x.draw("layer", x.Spec.Layers)
	factors := map[string]float64{fmt.Sprintf("mlp%d.W0", l): c, fmt.Sprintf("mlp%d.b0", l): c, fmt.Sprintf("mlp%d.W1", l): 1 / c}
	factor := make([]float64, len(x.Params))
	for _, b := range x.Layout {
		f, ok := factors[b.Name]
		if !ok {
			f = 1
		}
		for i := range b.Size() {
			b.Of(factor)[i] = f
		}
	}
	y := x.With(make([]float64, len(x.Params)))
	for k, v := range x.Params {
		y.Params[k] = v * factor[k]
	}
	e, got := x.Evaluate(), y.Evaluate()
	y.agree("after scaling", got, e)
	want := make([]float64, len(e.Gradient))
	for k, g := range e.Gradient {
		want[k] = g / factor[k]
	}
	y.agreeGradients("after scaling", got.Gradient, want)
}

func hiddenPermutation(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindTransformer)
	order := rapid.Permutation(identity(x.Spec.Tokens+x.Spec.Length)).Draw(t, "units")
	l := x.draw("layer", x.Spec.Layers)
	inner := func(block string) bool {
		return block == fmt.Sprintf("mlp%d.W0", l) || block == fmt.Sprintf("mlp%d.b0", l)
	}
	x.renamed(renaming{x.indices(
		func(block string, i int) int { return chosen(block == fmt.Sprintf("mlp%d.W1", l), order, i) },
		func(block string, i int) int { return chosen(inner(block), order, i) },
	), identity(x.Spec.Tokens)}, x.Batch)
}

// featurePermutation: rows of A, V and W read coordinates, columns of wte,
// wpe, A and the outer layer of the MLP write them; the value's coordinates,
// between V and the MLP, are permuted likewise.
func featurePermutation(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindTransformer)
	order := rapid.Permutation(identity(x.Spec.Tokens+x.Spec.Length)).Draw(t, "coordinates")
	row := func(b string) bool {
		return b[0] == 'A' || b[0] == 'V' || b[0] == 'W' || strings.HasSuffix(b, ".W0")
	}
	col := func(b string) bool {
		return b[0] == 'A' || b[0] == 'V' || b == "wte" || b == "wpe" || strings.HasSuffix(b, ".W1") || strings.HasSuffix(b, ".b1")
	}
	x.renamed(renaming{x.indices(
		func(block string, i int) int { return chosen(row(block), order, i) },
		func(block string, i int) int { return chosen(col(block), order, i) },
	), identity(x.Spec.Tokens)}, x.Batch)
}

func chosen(yes bool, order []int, i int) int {
	if yes {
		return order[i]
	}
	return i
}

func silentMLP(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindTransformer)
	for _, b := range x.Layout {
		if strings.HasSuffix(b.Name, ".W1") || strings.HasSuffix(b.Name, ".b1") {
			clear(b.Of(x.Params))
		}
	}
	d, size := x.Spec.Tokens+x.Spec.Length, x.Spec.Tokens
	var want []float64
	for n := range x.Batch.N {
		last := int(x.Batch.Sequence(n)[x.Batch.T-1])
		logits := make([]float64, size)
		for k := range d {
			feature := x.block(x.Params, "wte")[last*d+k] + x.block(x.Params, "wpe")[(x.Spec.Length-1)*d+k]
			for a := range size {
				logits[a] += feature * x.block(x.Params, "W")[k*size+a]
			}
		}
		want = append(want, softmaxOf(logits)...)
	}
	withinAll(t, x.text(), "prediction", x.Evaluate().Predictions, want, 2*x.bounds().prediction)
}

func softmaxOf(z []float64) []float64 {
	f, sum, largest := make([]float64, len(z)), 0.0, math.Inf(-1)
	for _, v := range z {
		largest = math.Max(largest, v)
	}
	for i, v := range z {
		f[i] = math.Exp(v - largest)
		sum += f[i]
	}
	for i := range f {
		f[i] /= sum
	}
	return f
}

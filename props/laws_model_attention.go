package props

import (
	"fmt"
	"slices"

	"causalgrad/impl/model"
	"pgregory.net/rapid"
)

// attentionLaws: the first layer's weights, and the parameters that the causal
// mask, the single query of the last layer or the batch leave without effect.
func attentionLaws() []Law {
	attends, evaluates := []Capability{CanAttend}, []Capability{CanEvaluate}
	laws := []Law{
		{ID: "attention-distribution", Source: section("2"), Needs: attends, Check: attentionDistribution,
			Sentence: "Each row of attention is a probability vector over the positions up to its own, and exactly 0 beyond."},
		{ID: "attention-uniform-at-zero", Source: section("3"), Needs: attends, Check: attentionUniform,
			Sentence: "At zero parameters position i attends to each of 1..i with weight 1/i."},
		{ID: "attention-causal", Source: section("2"), Needs: attends, Check: attentionCausal,
			Sentence: "Changing the token of a position changes no row of attention before it."},
		{ID: "attention-of-positions", Source: section("2"), Needs: attends, Check: attentionOfPositions,
			Sentence: "The reduced model's attention does not depend on the tokens."},
		{ID: "attention-hard", Source: section("6"), Needs: attends, Check: attentionHard,
			Sentence: "A large entry of the position-position block takes its whole row of attention."},
		{ID: "masked-parameters", Source: section("2"), Needs: evaluates, Check: maskedParameters,
			Sentence: "An entry of the position-position block above the diagonal has no effect and gradient 0."},
		{ID: "idle-queries", Source: section("2"), Needs: evaluates, Check: idleQueries,
			Sentence: "The last layer and the read-out see the query T alone: their rows of other positions have no effect and gradient 0."},
		{ID: "absent-tokens", Source: section("2"), Needs: evaluates, Check: absentTokens,
			Sentence: "A token that the batch does not hold has no effect and gradient 0 in every block that reads tokens."},
	}
	for _, kind := range []string{model.KindDisentangled, model.KindReduced, model.KindTransformer} {
		laws = append(laws, Law{ID: "attention-exact-" + kind, Source: section("2"), Needs: attends, Draws: 60,
			Sentence: "The first layer's attention of the " + kind + " model is that of the written formulas in 106 bits.",
			Check:    func(t *rapid.T, s Subject) { attentionExact(drawTrial(t, s, kind)) }})
	}
	return laws
}

// rowsOf calls visit for every row of attention: the whole of its T entries.
func (x trial) rowsOf(weights []float64, visit func(what string, n, query int, row []float64)) {
	t, heads := x.Spec.Length, x.Spec.FirstHeads()
	for r := range len(weights) / t {
		n, h, i := r/(heads*t), r/t%heads, r%t
		visit(fmt.Sprintf("attention[%d][%d][%d]", n, h, i), n, i, weights[r*t:(r+1)*t])
	}
}

func attentionDistribution(t *rapid.T, s Subject) {
	x := drawTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	slack := 4 * float64(x.Spec.Length+8) * s.Roundoff() // a sum and a quotient
	x.rowsOf(x.Attention(), func(what string, _, i int, row []float64) {
		distribution(t, x.text(), what, row, len(row), slack)
		equal(t, x.text(), what+" beyond the query", row[i+1:], make([]float64, len(row)-i-1))
	})
}

func attentionExact(x trial) {
	oracle := newModelOracle(x.Spec, x.Layout, x.Params, make([]float64, len(x.Params)))
	slack := x.bounds().attention
	heads := make([][][][]dual, x.Batch.N)
	for n := range heads {
		heads[n] = oracle.sequence(x.Batch.Sequence(n)).attention
	}
	at := 0
	x.rowsOf(x.Attention(), func(what string, n, i int, row []float64) {
		want := make([]float64, len(row))
		for j, a := range heads[n][at/len(row)%len(heads[n])][i] {
			want[j] = a.value.hi
		}
		withinAll(x.T, x.text(), what, row, want, slack)
		at++
	})
}

func attentionUniform(t *rapid.T, s Subject) {
	x := newTrial(t, s, drawModel(t, model.KindDisentangled, model.KindReduced, model.KindTransformer))
	x.rowsOf(x.Attention(), func(what string, _, i int, row []float64) {
		want := make([]float64, len(row))
		for j := range i + 1 {
			want[j] = 1 / float64(i+1)
		}
		withinAll(t, x.text(), what, row, want, 2*float64(x.Spec.Length)*s.Roundoff())
	})
}

func attentionCausal(t *rapid.T, s Subject) {
	x := drawTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	j := rapid.IntRange(1, x.Spec.Length-1).Draw(t, "position")
	changed := *x.Batch
	changed.Tokens = slices.Clone(x.Batch.Tokens)
	for n := range changed.N {
		changed.Sequence(n)[j] = (changed.Sequence(n)[j] + 1) % uint16(x.Spec.Tokens)
	}
	before, after := x.Attention(), x.on(&changed).Attention()
	at, slack := 0, 2*x.bounds().attention
	x.rowsOf(before, func(what string, _, i int, row []float64) {
		if i < j {
			withinAll(t, x.text().Where("changing position %d", j), what, after[at:at+len(row)], row, slack)
		}
		at += len(row)
	})
}

func attentionOfPositions(t *rapid.T, s Subject) {
	x := drawTrial(t, s, model.KindReduced)
	weights := x.Attention()
	first := weights[:x.Spec.Length*x.Spec.Length]
	for n := range x.Batch.N {
		withinAll(t, x.text(), fmt.Sprintf("attention[%d]", n), weights[n*len(first):(n+1)*len(first)], first, 2*x.bounds().attention)
	}
}

// hard is a score that leaves e^-700 to the others whatever moderate
// parameters add to them, in single precision too.
const hard = 1024

func attentionHard(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced)
	choice := make([]int, x.Spec.Length)
	for i := range choice {
		choice[i] = rapid.IntRange(0, i).Draw(t, "key")
		for h := range x.Spec.FirstHeads() {
			x.positionBlock(0, h, i)[choice[i]] = hard
		}
	}
	x.rowsOf(x.Attention(), func(what string, _, i int, row []float64) {
		want := make([]float64, len(row))
		want[choice[i]] = 1
		withinAll(t, x.text(), what, row, want, 2*s.Roundoff())
	})
}

// positionBlock is row i of a head's position-position block.
func (x trial) positionBlock(layer, head, i int) []float64 {
	return x.positionRow(x.Params, layer, head, i)
}

func (x trial) positionRow(flat []float64, layer, head, i int) []float64 {
	if x.Spec.Kind == model.KindReduced {
		return x.block(flat, "A1")[i*x.Spec.Length:][:x.Spec.Length]
	}
	name := fmt.Sprintf("A%d.%d", layer, head)
	b, err := x.Layout.Block(name)
	if err != nil {
		x.T.Fatalf("a law named a block that does not exist: %v", err)
	}
	return b.Of(flat)[(x.Spec.Tokens+i)*b.Cols+x.Spec.Tokens:][:x.Spec.Length]
}

// idle demands that the marked parameters (1 in mark) have gradient 0 and no
// effect: they are set to numbers that would matter.
func (x trial) idle(what string, mark []float64) {
	e := x.Evaluate()
	for _, b := range x.Layout {
		for i, m := range b.Of(mark) {
			if m != 0 {
				within(x.T, x.text(), fmt.Sprintf("gradient of %s[%d][%d], %s", b.Name, i/b.Cols, i%b.Cols, what), b.Of(e.Gradient)[i], 0, 0)
			}
		}
	}
	other := x.moved(mark, 3)
	got := other.Evaluate()
	r := other.bounds() // the larger of the two
	withinAll(x.T, other.text(), "predictions, "+what, got.Predictions, e.Predictions, r.prediction+x.bounds().prediction)
	within(x.T, other.text(), "loss, "+what, got.Loss, e.Loss, r.loss.error+x.bounds().loss.error)
}

func maskedParameters(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced)
	mark := make([]float64, len(x.Params))
	for h := range x.Spec.FirstHeads() {
		for i := range x.Spec.Length {
			for j := i + 1; j < x.Spec.Length; j++ {
				x.positionRow(mark, 0, h, i)[j] = 1
			}
		}
	}
	x.idle("masked", mark)
}

func idleQueries(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled)
	mark := make([]float64, len(x.Params))
	last := len(x.Spec.Heads) - 1
	for h := range x.Spec.Heads[last] {
		x.markRows(mark, fmt.Sprintf("A%d.%d", last, h), x.Spec.Tokens, x.Spec.Length-1)
	}
	x.markRows(mark, "W", x.Spec.Tokens, x.Spec.Length-1)
	x.idle("a query that is never asked", mark)
}

// markRows marks n rows of a block.
func (x trial) markRows(mark []float64, name string, from, n int) {
	b, err := x.Layout.Block(name)
	if err != nil {
		x.T.Fatalf("a law named a block that does not exist: %v", err)
	}
	for i := from * b.Cols; i < (from+n)*b.Cols; i++ {
		b.Of(mark)[i] = 1
	}
}

// absentTokens: for the disentangled model the rows of A0 and of W, for the
// reduced one rows of A2 that no last token selects, for the transformer wte.
func absentTokens(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	absent := rapid.IntRange(0, x.Spec.Tokens-1).Draw(t, "absent")
	for i, a := range x.Batch.Tokens {
		if int(a) == absent {
			x.Batch.Tokens[i] = uint16((absent + 1) % x.Spec.Tokens)
		}
	}
	if x.Spec.Kind == model.KindReduced && x.Spec.Eps == 0 {
		support(x.Batch)
	}
	mark := make([]float64, len(x.Params))
	switch x.Spec.Kind {
	case model.KindDisentangled:
		for h := range x.Spec.Heads[0] {
			x.markRows(mark, fmt.Sprintf("A0.%d", h), absent, 1)
		}
		x.markRows(mark, "W", absent, 1)
	case model.KindReduced:
		x.markRows(mark, "A2", absent, 1)
		for a := range x.Spec.Tokens {
			x.block(mark, "A2")[a*x.Spec.Tokens+absent] = 1
		}
	case model.KindTransformer:
		x.markRows(mark, "wte", absent, 1)
	}
	x.idle("an absent token", mark)
}

package props

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// modelSymmetryLaws: renamings under which a model must do the same.
func modelSymmetryLaws() []Law {
	evaluates := []Capability{CanEvaluate}
	return []Law{
		{ID: "model-token-relabelling", Source: section("3"), Needs: evaluates, Check: modelTokenRelabelling,
			Sentence: "Renaming the tokens in parameters, sequences and targets renames the predictions and the gradient, and keeps the loss."},
		{ID: "head-permutation", Source: section("2"), Needs: evaluates, Check: headPermutation,
			Sentence: "Permuting the heads of a layer, and the feature blocks they make wherever they are read, permutes the gradient " +
				"and keeps the rest."},
		{ID: "equal-heads", Source: section("2"), Needs: evaluates, Check: equalHeads,
			Sentence: "Heads that are equal, and are read alike, have equal gradients."},
		{ID: "inert-head", Source: section("2"), Needs: evaluates, Check: inertHead,
			Sentence: "A further head that nothing reads changes nothing."},
		{ID: "position-relabelling", Source: section("2"), Needs: evaluates, Check: positionRelabelling,
			Sentence: "A single layer sees its prefix at once: permuting positions in sequences and parameters permutes the gradient " +
				"and keeps the rest."},
		{ID: "unlinked-neighbours", Source: section("3"), Needs: evaluates, Check: unlinkedNeighbours,
			Sentence: "Two neighbouring positions that do not attend to each other can be exchanged, in sequences and parameters."},
	}
}

// renaming sends parameter k to place[k]; Tokens sends token a to tokens[a].
type renaming struct {
	place  []int
	tokens []int
}

// renamed demands that the model at renamed parameters on batch b, the renamed
// one, predicts and is sloped as the trial is, renamed.
func (x trial) renamed(r renaming, b *task.Batch) {
	y := x.on(b).With(make([]float64, len(x.Params)))
	for k, v := range x.Params {
		y.Params[r.place[k]] = v
	}
	e, got := x.Evaluate(), y.Evaluate()
	want := Evaluation{Loss: e.Loss, Predictions: make([]float64, len(e.Predictions)), Gradient: make([]float64, len(e.Gradient))}
	for i, f := range e.Predictions {
		n, a := i/b.S, i%b.S
		want.Predictions[n*b.S+r.tokens[a]] = f
	}
	for k, g := range e.Gradient {
		want.Gradient[r.place[k]] = g
	}
	y.agree("after renaming", got, want)
	y.agreeGradients("after renaming", got.Gradient, want.Gradient)
}

// indices renames rows and columns of each block by what they stand for.
func (x trial) indices(row, col func(block string, i int) int) []int {
	place := make([]int, len(x.Params))
	for _, b := range x.Layout {
		for i := range b.Size() {
			place[b.Offset+i] = b.Offset + row(b.Name, i/b.Cols)*b.Cols + col(b.Name, i%b.Cols)
		}
	}
	return place
}

// feature renames a feature index of any number of blocks of width S + T.
func (x trial) feature(tokens, positions []int) func(i int) int {
	s, width := x.Spec.Tokens, x.Spec.Tokens+x.Spec.Length
	return func(i int) int {
		block, k := i/width*width, i%width
		if k < s {
			return block + tokens[k]
		}
		return block + s + positions[k-s]
	}
}

// identity is the order 0 to n-1.
func identity(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func modelTokenRelabelling(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	tokens := rapid.Permutation(identity(x.Spec.Tokens)).Draw(t, "tokens")
	feature := x.feature(tokens, identity(x.Spec.Length))
	token := func(i int) int { return tokens[i] }
	keep := func(i int) int { return i }
	pick := func(block string, row bool) func(int) int {
		switch {
		case x.Spec.Kind == model.KindDisentangled && (row || block != "W"):
			return feature
		case block == "W" && !row, block == "A2" && x.Spec.Kind == model.KindReduced, block == "wte" && row:
			return token
		}
		return keep
	}
	b := task.NewBatch(x.Batch.N, x.Batch.T, x.Batch.S)
	for i, a := range x.Batch.Tokens {
		b.Tokens[i] = uint16(tokens[a])
	}
	for i, y := range x.Batch.Targets {
		b.Targets[i/b.S*b.S+tokens[i%b.S]] = y
	}
	x.renamed(renaming{x.indices(
		func(block string, i int) int { return pick(block, true)(i) },
		func(block string, i int) int { return pick(block, false)(i) }), tokens}, b)
}

// headPlaces says where parameters go when head h of a layer becomes order[h]
// and the layers have as many heads as in to, which may be more. Feature block
// b + n k of a layer's output, k = 0 for what passes through and h+1 for head
// h, n blocks entering, goes where b goes, under the head's new number.
func (x trial) headPlaces(to trial, layer int, order []int) []int {
	width := x.Spec.Tokens + x.Spec.Length
	blocks, entering := []int{0}, 1 // place of each feature block; number in the target
	place := make([]int, len(x.Params))
	put := func(from, into string, rows, cols []int) {
		source, _ := x.Layout.Block(from)
		target, _ := to.Layout.Block(into)
		for i := range source.Size() {
			r, c := i/source.Cols, i%source.Cols
			if rows != nil {
				r = rows[r/width]*width + r%width
			}
			if cols != nil {
				c = cols[c/width]*width + c%width
			}
			place[source.Offset+i] = target.Offset + r*target.Cols + c
		}
	}
	for l, heads := range x.Spec.Heads {
		renumber := func(h int) int {
			if l == layer {
				return order[h]
			}
			return h
		}
		next := slices.Clone(blocks)
		for h := range heads {
			put(fmt.Sprintf("A%d.%d", l, h), fmt.Sprintf("A%d.%d", l, renumber(h)), blocks, blocks)
			for _, b := range blocks {
				next = append(next, b+entering*(1+renumber(h)))
			}
		}
		blocks, entering = next, entering*(1+to.Spec.Heads[l])
	}
	put("W", "W", blocks, nil)
	return place
}

// manyHeads draws a disentangled model in which a layer has two heads.
func manyHeads(t *rapid.T, s Subject) (trial, int) {
	m := model.Spec{Kind: model.KindDisentangled, Tokens: drawTokens(t, 2, 3), Length: drawLength(t, 3, 4),
		Heads: rapid.SampledFrom([][]int{{2}, {2, 1}, {1, 2}, {3}, {2, 1, 1}}).Draw(t, "heads")}
	return smoothOf(t, s, m), slices.IndexFunc(m.Heads, func(h int) bool { return h > 1 })
}

func headPermutation(t *rapid.T, s Subject) {
	x, layer := manyHeads(t, s)
	order := rapid.Permutation(identity(x.Spec.Heads[layer])).Draw(t, "order")
	x.renamed(renaming{x.headPlaces(x, layer, order), identity(x.Spec.Tokens)}, x.Batch)
}

// equalHeads: the mean of p and p with heads 0 and 1 exchanged is symmetric,
// and exactly so: p has few digits.
func equalHeads(t *rapid.T, s Subject) {
	x, layer := manyHeads(t, s)
	order := identity(x.Spec.Heads[layer])
	order[0], order[1] = 1, 0
	place := x.headPlaces(x, layer, order)
	p := make([]float64, len(x.Params))
	for k, v := range x.Params {
		p[k] += v / 2
		p[place[k]] += v / 2
	}
	x = x.With(p)
	g := x.Evaluate().Gradient
	swapped := make([]float64, len(g))
	for k, v := range g {
		swapped[place[k]] = v
	}
	x.agreeGradients("with equal heads exchanged", g, swapped)
}

func inertHead(t *rapid.T, s Subject) {
	m := model.Spec{Kind: model.KindDisentangled, Tokens: 2, Length: drawLength(t, 3, 4),
		Heads: rapid.SampledFrom([][]int{{1}, {1, 1}, {2, 1}}).Draw(t, "heads")}
	x := smoothOf(t, s, m)
	layer := x.draw("layer", len(m.Heads))
	larger := m
	larger.Heads = slices.Clone(m.Heads)
	larger.Heads[layer]++
	y := trial{T: t, S: s, Spec: larger, Layout: layoutOf(t, larger), Batch: x.Batch}
	y.Params = make([]float64, y.Layout.Size())
	copy(y.block(y.Params, fmt.Sprintf("A%d.%d", layer, m.Heads[layer])), gen.Moderate(4, 1).Draw(t, "inert").Values)
	place := x.headPlaces(y, layer, identity(m.Heads[layer]))
	for k, v := range x.Params {
		y.Params[place[k]] = v
	}
	e, got := x.Evaluate(), y.Evaluate()
	y.agree("with an inert head", got, e)
	for k, g := range e.Gradient {
		within(t, y.text(), fmt.Sprintf("gradient of parameter %d", k), got.Gradient[place[k]], g, 2*y.bounds().loss.slopeError)
	}
}

// permuted is the batch with positions renamed.
func (x trial) permuted(positions []int) *task.Batch {
	b := *x.Batch
	b.Tokens = make([]uint16, len(x.Batch.Tokens))
	for n := range b.N {
		for i, a := range x.Batch.Sequence(n) {
			b.Sequence(n)[positions[i]] = a
		}
	}
	return &b
}

func positionRelabelling(t *rapid.T, s Subject) {
	m := drawModel(t, model.KindDisentangled, model.KindTransformer)
	switch m.Kind {
	case model.KindDisentangled:
		m.Heads = rapid.SampledFrom([][]int{{1}, {2}}).Draw(t, "one layer")
	case model.KindTransformer:
		m.Layers = 1
	}
	x := smoothOf(t, s, m)
	positions := append(rapid.Permutation(identity(m.Length-1)).Draw(t, "positions"), m.Length-1)
	x.renamed(x.positionRenaming(positions), x.permuted(positions))
}

func (x trial) positionRenaming(positions []int) renaming {
	tokens := identity(x.Spec.Tokens)
	feature := x.feature(tokens, positions)
	row := func(block string, i int) int {
		switch {
		case block == "wpe", block == "A1" && x.Spec.Kind == model.KindReduced:
			return positions[i]
		case x.Spec.Kind == model.KindDisentangled:
			return feature(i)
		}
		return i
	}
	column := func(block string, i int) int {
		if block == "W" || block == "wpe" {
			return i
		}
		return row(block, i)
	}
	return renaming{x.indices(row, column), tokens}
}

// unlinkedNeighbours: the mask distinguishes two neighbours only by the weight
// of the later on the earlier; a score of -hard in every head makes it 0.
func unlinkedNeighbours(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced)
	k := rapid.IntRange(0, x.Spec.Length-3).Draw(t, "position")
	for _, b := range x.Layout {
		if !strings.HasPrefix(b.Name, "A") || b.Name == "A2" {
			continue
		}
		from := 0
		if x.Spec.Kind == model.KindDisentangled {
			from = x.Spec.Tokens
		}
		b.Of(x.Params)[(from+k)*b.Cols+from+k+1] = -hard
		b.Of(x.Params)[(from+k+1)*b.Cols+from+k] = -hard
	}
	positions := identity(x.Spec.Length)
	positions[k], positions[k+1] = k+1, k
	x.renamed(x.positionRenaming(positions), x.permuted(positions))
}

package theorylaws

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"causalgrad/props"
	"causalgrad/theory/graph"
	"causalgrad/theory/infer"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

var inference = []props.Capability{CanInfer}

// inferLaws are about estimates of the forest from sequences alone.
func inferLaws() []props.Law {
	return slices.Concat(inferFileLaws(), []props.Law{
		{ID: "infer-relabelling", Source: "theory.md section 3, fact 8", Needs: inference, Draws: 40, Check: inferRelabelling,
			Sentence: "Renaming the tokens changes no estimate."},
		{ID: "infer-order", Source: "theory.md section 3", Needs: inference, Draws: 40, Check: inferOrder,
			Sentence: "The order of the sequences changes no estimate."},
		{ID: "infer-copies", Source: "theory.md section 3", Needs: inference, Draws: 40, Check: inferCopies,
			Sentence: "Copying all sequences keeps the means and divides squared standard errors by (mN-1)/(N-1)."},
		{ID: "infer-gradient", Source: "theory.md section 3", Needs: []props.Capability{CanInfer, props.CanFirstStep}, Draws: 12, Check: inferGradient,
			Sentence: "Over all sequences the estimate with the paper's weight is the first-step gradient: it is unbiased."},
		{ID: "infer-plain-parent", Source: "theory.md section 3, load-bearing", Needs: inference, Draws: 12, Check: inferPlainParent,
			Sentence: "Over all sequences the plain weight gives a parent the largest entry of its row and a root a constant row, at every T."},
		{ID: "infer-information", Source: "theory.md section 3", Needs: []props.Capability{CanInfer, props.CanInform}, Draws: 12, Check: inferInformation,
			Sentence: "Over all sequences of one chain the estimated information is the chi-square information less its bias."},
		{ID: "infer-certain", Source: "theory.md section 3", Needs: inference, Draws: 30, Check: inferCertain,
			Sentence: "A candidate that leads by the same in every sequence, or repeats the child beside constant columns, is the parent beyond doubt."},
		{ID: "infer-refusals", Source: "theory.md section 3", Needs: inference, Draws: 20, Check: inferRefusals,
			Sentence: "Too few columns, an unknown weight and an eps out of range are refused with the value."},
	}, inferEstimateLaws(), inferTreeLaws())
}

// alike demands the same estimates up to rounding, whatever was changed. Where
// two candidates are equal either may be named, so winners are compared by
// their entries.
func (x sequences) alike(y sequences) {
	for _, weight := range []infer.Weight{infer.Gradient, infer.Plain} {
		a, b := x.firstStep(weight, 0.1), y.firstStep(weight, 0.1)
		props.WithinMatrix(x.t, y.Case, "entries, "+string(weight), b.Entries, a.Entries, 2*x.slack())
		props.WithinMatrix(x.t, y.Case, "squared standard errors, "+string(weight), squared(b.StdErr), squared(a.StdErr), 2*x.squaredSlack())
		for at, r := range a.Rows {
			props.Within(x.t, y.Case, fmt.Sprintf("strength of child %d, %s", r.Child, weight), b.Rows[at].Strength, r.Strength, 2*x.slack())
		}
	}
	a, b := x.shared(), y.shared()
	props.WithinMatrix(x.t, y.Case, "information", b.Information, a.Information, 2*x.informationSlack())
	props.WithinMatrix(x.t, y.Case, "mutual information", y.tree(x.Columns).Information, x.tree(x.Columns).Information, 2*x.informationSlack())
}

// informationSlack bounds the rounding of a plug-in information: at most S, of
// frequencies with N roundings.
func (x sequences) informationSlack() float64 {
	return 16 * float64(x.N+8) * float64(x.Tokens*x.Tokens) * x.s.Roundoff()
}

func squared(rows [][]float64) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for _, v := range row {
			out[i] = append(out[i], v*v)
		}
	}
	return out
}

func inferRelabelling(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	names := props.DrawOrder(t, x.Tokens)
	renamed := make([]uint16, len(x.Data))
	for at, v := range x.Data {
		renamed[at] = uint16(names[v])
	}
	x.alike(x.with(renamed, "tokens renamed by %v", names))
}

func inferOrder(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	order := rapid.Permutation(props.Identity(x.N)).Draw(t, "sequence order")
	var data []uint16
	for _, n := range order {
		data = append(data, x.Row(n)...)
	}
	x.alike(x.with(data, "in the order %v", order))
}

// inferCopies: with m copies a sum of squared deviations is m times as large,
// over (mN-1) mN in place of (N-1) N. The bias of the information is 1/m of
// what it was, the plug-in values are the same.
func inferCopies(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	m := rapid.IntRange(2, 3).Draw(t, "copies")
	y := x.with(slices.Repeat(x.Data, m), "all of it %d times", m)
	ratio := float64(x.N-1) / float64(y.N-1)
	for _, weight := range []infer.Weight{infer.Gradient, infer.Plain} {
		a, b := x.firstStep(weight, 0), y.firstStep(weight, 0)
		props.WithinMatrix(t, y.Case, "entries", b.Entries, a.Entries, 2*y.slack())
		want := squared(a.StdErr)
		for i := range want {
			for k := range want[i] {
				want[i][k] *= ratio
			}
		}
		props.WithinMatrix(t, y.Case, "squared standard errors", squared(b.StdErr), want, 2*x.squaredSlack())
	}
	a, b := x.shared(), y.shared()
	for i := 1; i < x.Columns; i++ {
		for k := range i {
			bias := float64((x.occurring(i)-1)*(x.occurring(k)-1)) / float64(x.N)
			props.Within(t, y.Case, props.At("information", i, k), b.Information[i][k], a.Information[i][k]+bias-bias/float64(m), 2*y.informationSlack())
		}
	}
	props.WithinMatrix(t, y.Case, "mutual information", y.tree(x.Columns).Information, x.tree(x.Columns).Information, 2*y.informationSlack())
}

// occurring is the number of tokens in a column.
func (x sequences) occurring(column int) int {
	seen := map[uint16]bool{} // only counted
	for n := range x.N {
		seen[x.Row(n)[column]] = true
	}
	return len(seen)
}

func inferGradient(t *rapid.T, s props.Subject) {
	x := drawPopulation(t, s)
	eps := rapid.SampledFrom([]float64{0, 0.25, 1}).Draw(t, "eps")
	g := props.AskFirstStep(t, s, x.with(x.Data, "eps %v", eps).Case, x.f, x.chain, eps)
	e := x.firstStep(infer.Gradient, eps)
	for i, row := range e.Entries {
		mean, scale := 0.0, float64(x.Tokens*len(g)*(i+1))
		for _, v := range row[:i+1] {
			mean += v / float64(i+1)
		}
		for k := range i + 1 {
			props.Within(t, x.Case, props.At("centred entry", i, k), (row[k]-mean)/scale, g[i][k], 2*x.slack()/scale+props.StepSlack(s, x.f, x.chain))
		}
	}
}

func inferPlainParent(t *rapid.T, s props.Subject) {
	x := drawPopulation(t, s)
	e := x.firstStep(infer.Plain, 0)
	for i, row := range e.Entries {
		p := x.f.Parent(i)
		for k := range i {
			if p == graph.Root {
				props.Within(t, x.Case, props.At("entry", i, k), row[k], row[0], 2*x.slack())
				continue
			}
			props.AtMost(t, x.Case, props.At("entry", i, k), row[k], row[p], 2*x.slack())
		}
	}
}

func inferInformation(t *rapid.T, s props.Subject) {
	x := drawPopulation(t, s)
	want, e := props.AskInformation(t, s, x.Case, x.f, x.chain), x.shared()
	bias := float64((x.Tokens-1)*(x.Tokens-1)) / float64(x.N)
	for i := range x.f.Positions() {
		for k := range i {
			props.Within(t, x.Case, props.At("information", i, k), e.Information[i][k]+bias, want.Chi2[i][k], 2*x.informationSlack()+props.SignalSlack(s, x.f, x.chain))
		}
	}
	query := x.f.Positions()
	for k := range query {
		props.Within(t, x.Case, props.At("information", query, k), e.Information[query][k]+bias, 0, 2*x.informationSlack())
	}
}

// inferCertain leaves no spread: rounding must not decide whether a lead counts.
// First the parent alone holds the query and the child always the answer, so
// that Z is S there and 0 elsewhere. Then the child repeats its parent, two
// tokens in turn, beside columns of zeros: chi-square is N >= 20 at one degree of
// freedom, which has probability 8e-6, for at most four candidates.
func inferCertain(t *rapid.T, s props.Subject) {
	x := sequences{t: t, s: s, Sequences: infer.Sequences{Columns: rapid.IntRange(5, 7).Draw(t, "columns"), Tokens: rapid.IntRange(3, 4).Draw(t, "tokens")}}
	n, child := rapid.IntRange(20, 60).Draw(t, "sequences"), rapid.IntRange(2, x.Columns-3).Draw(t, "child")
	parent := rapid.IntRange(0, child-1).Draw(t, "parent")
	from := stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "seed"), Purpose: stream.Law})
	var own, shared []uint16
	for at := range n {
		query, answer := uint16(from.IntN(x.Tokens)), uint16(from.IntN(x.Tokens))
		a, b := make([]uint16, x.Columns), make([]uint16, x.Columns)
		for k := range a {
			a[k] = (query + 1) % uint16(x.Tokens)
		}
		a[parent], a[child], a[x.Columns-2], a[x.Columns-1] = query, answer, query, answer
		b[parent], b[child] = uint16(at%2), uint16(at%2)
		own, shared = append(own, a...), append(shared, b...)
	}
	judge := func(c props.Case, r infer.Row, most float64) {
		props.Demand(t, c, r.Winner == parent, fmt.Sprintf("parent of %d", child), strconv.Itoa(parent), strconv.Itoa(r.Winner))
		props.AtMost(t, c, fmt.Sprintf("p-value of child %d", child), r.P, most, 0)
	}
	certain := x.with(own, "%d sequences in which position %d alone holds the query and %d always the answer", n, parent, child)
	judge(certain.Case, certain.firstStep(infer.Plain, 0).Rows[child-1], 1e-9)
	repeats := x.with(shared, "%d sequences in which column %d repeats %d and the others are 0", n, child, parent)
	judge(repeats.Case, repeats.shared().Rows[child-1], 4e-5)
}

func inferRefusals(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	refuse := func(data infer.Sequences, weight infer.Weight, eps float64, word string) {
		_, err := props.Guarded(func() (infer.FirstStepEstimate, error) { return s.(Inferrer).InferFirstStep(data, weight, eps) })
		props.Refused(t, x.Case, "first-step estimate", err, word)
	}
	columns := rapid.IntRange(1, 3).Draw(t, "few columns")
	narrow := infer.Sequences{N: len(x.Data) / columns, Columns: columns, Tokens: x.Tokens, Data: x.Data}
	refuse(narrow, infer.Plain, 0, fmt.Sprintf("%d columns", columns))
	weight := rapid.SampledFrom([]infer.Weight{"", "Plain", "gradient ", "uniform"}).Draw(t, "weight")
	refuse(x.Sequences, weight, 0, fmt.Sprintf("%q", string(weight)))
	eps := rapid.SampledFrom([]float64{-0.1, 1.5, math.NaN(), math.Inf(1)}).Draw(t, "eps")
	refuse(x.Sequences, infer.Gradient, eps, fmt.Sprintf("eps = %v", eps))
}

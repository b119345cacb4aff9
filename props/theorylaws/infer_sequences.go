package theorylaws

import (
	"fmt"
	"strconv"
	"strings"

	"causalgrad/props"
	"causalgrad/theory/graph"
	"causalgrad/theory/infer"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

// sequences is data for an Inferrer, with the subject and the case.
type sequences struct {
	props.Case
	t *rapid.T
	s props.Subject
	infer.Sequences
	// independence is the p-value of independence of a row, where one counts.
	independence func(r infer.Row) float64
}

// drawSequences draws rows in which a column repeats an earlier one, up to a
// shift, about half of the time; one column may be constant.
func drawSequences(t *rapid.T, s props.Subject) sequences {
	x := sequences{t: t, s: s, Sequences: infer.Sequences{
		N:       rapid.SampledFrom([]int{20, 21, 37, 60}).Draw(t, "sequences"),
		Columns: rapid.IntRange(4, 6).Draw(t, "columns"), Tokens: rapid.IntRange(2, 4).Draw(t, "tokens")}}
	source := make([]int, x.Columns)
	for i := range source {
		source[i] = rapid.IntRange(-1, i-1).Draw(t, "source")
	}
	constant := rapid.IntRange(0, 2*x.Columns).Draw(t, "constant column")
	seed := rapid.Uint64().Draw(t, "seed")
	from := stream.New(stream.Key{Seed: seed, Purpose: stream.Law})
	for range x.N {
		row := make([]uint16, x.Columns)
		for i := range row {
			row[i] = uint16(from.IntN(x.Tokens))
			if k := source[i]; k >= 0 && from.Float64() < 0.5 {
				row[i] = uint16((int(row[k]) + i) % x.Tokens)
			}
			if i == constant {
				row[i] = 1
			}
		}
		x.Data = append(x.Data, row...)
	}
	x.Case = props.Case{}.With("--tokens %d", x.Tokens).Where("%d sequences of %d columns, sources %v, constant column %d, seed %d",
		x.N, x.Columns, source, constant, seed)
	return x
}

// with is other data, changed as the note says.
func (x sequences) with(data []uint16, format string, args ...any) sequences {
	x.Case, x.Data, x.N = x.Where(format, args...), data, len(data)/x.Columns
	return x
}

// csv is the data as a file.
func (x sequences) csv(cell func(v uint16) string, end string) string {
	var b strings.Builder
	for n := range x.N {
		var words []string
		for _, v := range x.Row(n) {
			words = append(words, cell(v))
		}
		b.WriteString(strings.Join(words, ",") + end)
	}
	return b.String()
}

// firstStep asks for the estimate and demands its shape.
func (x sequences) firstStep(weight infer.Weight, eps float64) infer.FirstStepEstimate {
	c := x.with(x.Data, "weight %s, eps %v", weight, eps).Case
	e := props.Ask(x.t, c, "first-step estimate", func() (infer.FirstStepEstimate, error) {
		return x.s.(Inferrer).InferFirstStep(x.Sequences, weight, eps)
	})
	props.FiniteSquare(x.t, c, "entries", e.Entries, x.Columns-2)
	props.FiniteSquare(x.t, c, "standard errors", e.StdErr, x.Columns-2)
	x.rows(e.Rows, x.Columns-2, map[infer.Weight]int{infer.Gradient: 1, infer.Plain: 0}[weight])
	return e
}

func (x sequences) shared() infer.SharedEstimate {
	e := props.Ask(x.t, x.Case, "shared-chain estimate", func() (infer.SharedEstimate, error) { return x.s.(Inferrer).InferShared(x.Sequences) })
	props.FiniteSquare(x.t, x.Case, "information", e.Information, x.Columns)
	x.rows(e.Rows, x.Columns, 0)
	return e
}

// rows demands one row for each child from 1 on, with positions up to the
// child's own where self is 1, and probabilities.
func (x sequences) rows(rows []infer.Row, positions, self int) {
	props.Demand(x.t, x.Case, len(rows) == positions-1, "rows", strconv.Itoa(positions-1), strconv.Itoa(len(rows)))
	for at, r := range rows {
		what := fmt.Sprintf("row of child %d", at+1)
		props.Demand(x.t, x.Case, r.Child == at+1, what, strconv.Itoa(at+1), strconv.Itoa(r.Child))
		props.Demand(x.t, x.Case, r.Winner >= 0 && r.Winner < r.Child+self, what+": winner", "a candidate", strconv.Itoa(r.Winner))
		other := r.Competitor >= 0 && r.Competitor < r.Child+self && r.Competitor != r.Winner
		props.Demand(x.t, x.Case, other || r.Competitor == graph.Root && r.Child+self == 1, what+": competitor", "another candidate, if there is one", strconv.Itoa(r.Competitor))
		props.Finite(x.t, x.Case, what, []float64{r.Strength, r.StrengthErr, r.Margin, r.MarginErr, r.P}, 5)
		props.Demand(x.t, x.Case, r.P >= 0 && r.P <= 1, what+": p-value", "a probability", fmt.Sprint(r.P))
	}
}

func (x sequences) tree(columns int) infer.ChowLiuTree {
	tree := props.Ask(x.t, x.Case, "tree", func() (infer.ChowLiuTree, error) { return x.s.(Inferrer).InferTree(x.Sequences, columns) })
	props.FiniteSquare(x.t, x.Case, "mutual information", tree.Information, columns)
	props.Demand(x.t, x.Case, len(tree.Parent) == columns && len(tree.Earlier) == columns, "tree", strconv.Itoa(columns)+" parents", "another shape")
	return tree
}

// largest bounds the size of a product Z: S times 1/(muhat + eps), at most S T.
func (x sequences) largest() float64 { return float64(x.Tokens * (x.Columns - 1)) }

// slack bounds the rounding of a mean of N products.
func (x sequences) slack() float64 { return 4 * float64(x.N+8) * x.s.Roundoff() * x.largest() }

// squaredSlack bounds that of a squared standard error, from a sum of squares.
func (x sequences) squaredSlack() float64 { return 8 * x.slack() * x.largest() / float64(x.N-1) }

// population is every sequence of a forest, with a uniform query and the
// answer's law, as often as its probability says: means over it are exact.
type population struct {
	sequences
	f     graph.Forest
	chain *markov.Chain
}

// drawPopulation takes a doubly stochastic chain with entries in parts of m, a
// multiple of S: the stationary law 1/S is in such parts too, and so is every
// factor of a sequence's probability.
func drawPopulation(t *rapid.T, s props.Subject) population {
	size := rapid.IntRange(2, 3).Draw(t, "tokens")
	m, length := 4, 5
	if size == 3 {
		m, length = 6, 4
	}
	f := props.DrawForest(t, 4, length).Forest
	cut := rapid.IntRange(0, m-1).Draw(t, "stay") // m in all: not the identity
	shift := []int{cut, m - cut, 0}
	if size == 3 {
		shift[2] = rapid.IntRange(0, m-cut-1).Draw(t, "second shift")
		shift[1] -= shift[2]
	}
	rows := make([][]float64, size)
	for a := range rows {
		rows[a] = make([]float64, size)
		for d := range size {
			rows[a][(a+d)%size] = float64(shift[d]) / float64(m)
		}
	}
	x := population{f: f, chain: props.ChainOf(rows)}
	x.sequences = sequences{Case: props.ForestCase(f, x.chain).Where("every sequence as often as it is likely"), t: t, s: s,
		Sequences: infer.Sequences{Columns: f.Positions() + 2, Tokens: size}}
	x.fill(m, shift)
	return x
}

func (x *population) fill(m int, shift []int) {
	row := make([]uint16, x.Columns)
	var extend func(at, copies int)
	extend = func(at, copies int) {
		if at == x.Columns {
			for range copies {
				x.Data, x.N = append(x.Data, row...), x.N+1
			}
			return
		}
		parent := graph.Root
		switch {
		case at == x.Columns-1:
			parent = at - 1 // the query's
		case at < x.f.Positions():
			parent = x.f.Parent(at)
		}
		for v := range x.Tokens {
			n := m / x.Tokens
			if parent != graph.Root {
				n = shift[(v-int(row[parent])+x.Tokens)%x.Tokens]
			}
			if n > 0 {
				row[at] = uint16(v)
				extend(at+1, copies*n)
			}
		}
	}
	extend(0, 1)
}

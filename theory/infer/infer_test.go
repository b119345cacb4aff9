package infer

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/chisq"
	"causalgrad/theory/close"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/userfile"
)

// quarters is a chain with entries in quarters and the uniform stationary distribution,
// so that every sequence's probability is a whole number of equal parts.
func quarters(t *testing.T) *markov.Chain {
	t.Helper()
	c, err := markov.NewChain([][]float64{{0.5, 0.25, 0.25, 0}, {0.25, 0.5, 0, 0.25}, {0, 0.25, 0.5, 0.25}, {0.25, 0, 0.25, 0.5}})
	require.NoError(t, err)
	return c
}

// every lists each sequence of a forest with its query and answer as often as
// its probability says: means over the list are exact expectations. All chain
// and stationary probabilities are multiples of 1/4.
func every(f graph.Forest, c *markov.Chain) Sequences {
	s := Sequences{Columns: f.Positions() + 2, Tokens: c.Tokens()}
	row := make([]uint16, s.Columns)
	var extend func(at, copies int)
	extend = func(at, copies int) {
		if at == s.Columns {
			for range copies {
				s.Data = append(s.Data, row...)
				s.N++
			}
			return
		}
		distribution := c.Stationary() // of a root; the query is uniform, which is the same
		switch {
		case at == s.Columns-1:
			distribution = c.Row(int(row[at-1]))
		case at < f.Positions() && f.Parent(at) != graph.Root:
			distribution = c.Row(int(row[f.Parent(at)]))
		}
		for v, p := range distribution {
			if p > 0 {
				row[at] = uint16(v)
				extend(at+1, copies*int(math.Round(4*p)))
			}
		}
	}
	extend(0, 1)
	return s
}

func forest(t *testing.T, parents ...int) graph.Forest {
	t.Helper()
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	return f
}

// The estimator's mean is the exact first gradient: on the list of all
// sequences it must be it, up to the rounding of sums of 4^6 terms of size up to
// S^2 = 16 (4096 * 2^-53 * 16 < 1e-11).
func TestFirstStepIsUnbiasedForTheGradient(t *testing.T) {
	c := quarters(t)
	for _, parents := range [][]int{{-1, 0, 1, 1}, {-1, -1, 0, 2}} {
		f := forest(t, parents...)
		for _, eps := range []float64{0, 0.25} {
			want, err := firststep.Gradient(f, c, eps)
			require.NoError(t, err)
			e, err := FirstStep(every(f, c), Gradient, eps)
			require.NoError(t, err)
			for i := range f.Positions() {
				got := append([]float64(nil), e.Entries[i][:i+1]...)
				mean := 0.0
				for _, v := range got {
					mean += v / float64(i+1)
				}
				for k := range got {
					got[k] = (got[k] - mean) / float64(c.Tokens()*f.SequenceLength()*(i+1))
				}
				require.NoError(t, close.AllWithin(got, want[i][:i+1], 0, 1e-11), "row %d, eps %v", i, eps)
			}
		}
	}
}

// With the plain weight a root's row is constant, exactly, and the parent is
// the largest of every other row; the paper's weight has neither at this T.
func TestPlainWeightSeparatesRootsFromChildren(t *testing.T) {
	c, f := quarters(t), forest(t, -1, 0, -1, 2, 0)
	s := every(f, c)
	plain, err := FirstStep(s, Plain, 0)
	require.NoError(t, err)
	paper, err := FirstStep(s, Gradient, 0)
	require.NoError(t, err)
	root := plain.Entries[2]
	require.NoError(t, close.Within(root[0], root[1], 0, 1e-11)) // rounding as above
	require.Greater(t, math.Abs(paper.Entries[2][0]-paper.Entries[2][1]), 1e-3, "the bias that the plain weight removes")
	for _, r := range plain.Rows {
		if p := f.Parent(r.Child); p != graph.Root && r.Child > 1 {
			require.Equal(t, p, r.Winner)
			require.Greater(t, r.Margin, 1e-3)
			require.Less(t, r.P, 1e-6)
		}
	}
	require.Equal(t, graph.Root, plain.Rows[0].Competitor)
	require.Equal(t, 1.0, plain.Rows[0].P, "one candidate has nobody to beat")
}

// Margin and p-value of a hand-made row: Z differs between positions 0 and 1 by
// S in 12 of 24 sequences, by -S in 4, so the mean is 2/3 and the variance
// (16*4 - 24*4/9)/23; the doubled t tail is computed by hand from it.
func TestRowComparesPairs(t *testing.T) {
	s := Sequences{N: 24, Columns: 5, Tokens: 2}
	for n := range 24 {
		first, second := uint16(0), uint16(1) // matches the query at 0 or at 1
		switch {
		case n < 12:
		case n < 16:
			first, second = 1, 0
		default:
			first, second = 0, 0
		}
		s.Data = append(s.Data, first, second, 1, 0, 1)
	}
	e, err := FirstStep(s, Plain, 0)
	require.NoError(t, err)
	r := e.Rows[1]
	require.Equal(t, []int{2, 0, 1}, []int{r.Child, r.Winner, r.Competitor})
	require.NoError(t, close.Within(r.Margin, 2.0/3, 1e-14, 0)) // a few roundings
	stderr := math.Sqrt((16*4 - 24*4.0/9) / 23 / 24)
	require.NoError(t, close.Within(r.MarginErr, stderr, 1e-14, 0))
	// The winner's entry: 20 of the 24 match the query, with weight S.
	require.NoError(t, close.Within(r.Strength, 40.0/24, 1e-14, 0))
	require.NoError(t, close.Within(r.StrengthErr, math.Sqrt((20*4-24*25.0/9)/23/24), 1e-14, 0))
	low, high := r.Interval(s.N, 0.95)
	// The 97.5% point of t with 23 degrees of freedom is 2.0687 in every table, to 5 digits.
	require.NoError(t, close.Within((high-low)/2/stderr, 2.0687, 0, 5e-5))
	// t = (2/3)/stderr = 2.14 is above the table's 2.0687 (two-sided p 0.05), so
	// a one-sided p would be below 0.025; and below 2.1770 (p 0.04).
	require.Greater(t, r.P, 0.04)
	require.Less(t, r.P, 0.05)
}

// On the list of all sequences the plug-in information is the exact one.
func TestSharedChainInformationIsChiSquare(t *testing.T) {
	c, f := quarters(t), forest(t, -1, 0, 1, 1)
	s := every(f, c)
	want := chisq.Compute(f, c).Information
	e := SharedChain(s)
	for i := 1; i < f.Positions(); i++ {
		for k := range i {
			bias := 9 / float64(s.N)                                                                        // (S-1)^2 / N
			require.NoError(t, close.Within(e.Information[i][k]+bias, want[i][k], 0, 1e-11), "%d %d", i, k) // rounding
		}
		require.Equal(t, f.Parent(i), e.Rows[i-1].Winner)
		require.Less(t, e.Rows[i-1].P, 1e-6)
	}
	query := e.Rows[f.Positions()-1] // independent of everything
	require.Equal(t, 1.0, query.P)
	answer := e.Rows[f.Positions()]
	require.Equal(t, f.Positions(), answer.Winner, "the answer hangs on the query")
}

// influence is the derivative of the plug-in information: it has mean 0, and
// one more observation moves the information by influence/(N+1) up to a second
// derivative over N^2, below 1000 here (probabilities are at least 1/10).
func TestInfluenceIsTheDerivative(t *testing.T) {
	s := Sequences{Columns: 2, Tokens: 2} // a table of 5, 1; 2, 2 tenths: not symmetric
	for range 2000 {
		for cell, copies := range []int{5, 1, 2, 2} {
			for range copies {
				s.Data, s.N = append(s.Data, uint16(cell/2), uint16(cell%2)), s.N+1
			}
		}
	}
	before, n := newPair(s, 0, 1), float64(s.N)
	sum := 0.0
	for row := range s.N {
		sum += before.influence(s.Row(row))
	}
	require.NoError(t, close.Within(sum/n, 0, 0, 1e-11)) // the rounding of the sum
	plugIn := func(p pair, n float64) float64 { return p.information + 1/n }
	for _, added := range [][]uint16{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
		more := s
		more.Data, more.N = append(append([]uint16{}, s.Data...), added...), s.N+1
		moved := plugIn(newPair(more, 0, 1), n+1) - plugIn(before, n)
		require.NoError(t, close.Within(moved*(n+1), before.influence(added), 0, 1000/n))
	}
}

func TestChowLiuFindsATreeOfOneChain(t *testing.T) {
	c, f := quarters(t), forest(t, -1, 0, 1, 1)
	tree := ChowLiu(every(f, c), f.Positions())
	require.Equal(t, f.Parents(), tree.Parent)
	require.Equal(t, f.Parents(), tree.Earlier)
	// I(parent; child) = log S - H(row) = log 4 - 1.5 log 2 = 0.5 log 2.
	require.NoError(t, close.Within(tree.Information[1][0], 0.5*math.Ln2, 1e-12, 0))
}

// auto are the options of a user who says nothing.
var auto = ReadOptions{Header: Auto, Index: Auto, OneBased: Auto, Separator: userfile.Auto}

func with(change func(*ReadOptions)) ReadOptions {
	o := auto
	change(&o)
	return o
}

func TestFirstStepRefuses(t *testing.T) {
	s, _, err := parse([]byte(strings.Repeat("0,1, 2,1\n", MinSequences)), auto)
	require.NoError(t, err)
	_, err = FirstStep(Sequences{N: 20, Columns: 3, Tokens: 2}, Plain, 0)
	require.ErrorContains(t, err, "3 columns, want at least 4")
	_, err = FirstStep(s, "other", 0)
	require.ErrorContains(t, err, `weight "other"`)
	_, err = FirstStep(s, Gradient, 1)
	require.NoError(t, err, "the largest eps")
	_, err = FirstStep(s, Gradient, 1.25)
	require.ErrorContains(t, err, "eps = 1.25, want 0 to 1")
}

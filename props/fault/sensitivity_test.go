package fault

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/props"
)

// TestEveryMistakeIsCaught is the run that `causalgrad mistakes` makes: by a law that
// the mistake names, not by whichever notices first.
func TestEveryMistakeIsCaught(t *testing.T) {
	m, err := Sensitivity(context.Background(), Options{Seeds: 1, Workers: 2})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(m.Rows), 60)
	for _, r := range m.Rows {
		require.NotEmpty(t, r.Caught, "%s: no law catches it", r.Mistake.ID)
		require.True(t, r.AsExpected(), "%s: caught by %s, expected %s", r.Mistake.ID, r.Caught, r.Mistake.Expect)
		require.Equal(t, r.Asked[len(r.Asked)-1].Law, r.Caught[0], "the search goes on after the catch")
	}
	require.Empty(t, m.FalseAlarms())
	require.Len(t, m.Unbroken, 1)
	require.Equal(t, m.Seed+1, m.Unbroken[0].Seed)
	require.Equal(t, len(props.All()), m.Unbroken[0].Passed)
	require.True(t, m.Holds())
}

// few is a small part of everything, cheap to run several times. Its seed is fixed:
// what is tested with it is the matrix, not the laws.
func few(t *testing.T, all bool) Options {
	t.Helper()
	o := Options{Seed: 3, All: all, Seeds: 1}
	for _, id := range []string{"stationary-uniform", "information-kullback", "estimate-stale-counts", "sample-hidden-state", "moments-leak"} {
		f, ok := Find(id)
		require.True(t, ok, id)
		o.Mistakes = append(o.Mistakes, f)
	}
	for _, l := range props.All() {
		if strings.HasPrefix(l.ID, "stationary-") || strings.HasPrefix(l.ID, "information-") || strings.HasPrefix(l.ID, "estimate-") ||
			strings.HasPrefix(l.ID, "adamw-") || l.ID == "sample-same-seed" {
			o.Laws = append(o.Laws, l)
		}
	}
	return o
}

// outline is all that a matrix says, without the functions in it.
func outline(m Matrix) (rows []Row, catches []int, unbroken []Unbroken) {
	for _, r := range m.Rows {
		r.Mistake = &Mistake{ID: r.Mistake.ID}
		rows = append(rows, r)
	}
	return rows, m.Catches(), m.Unbroken
}

// TestMatrixIsDeterministic: neither the workers nor the order of the mistakes
// matter, and the fast search finds what the complete matrix begins with. Two of
// the mistakes keep memory between calls.
func TestMatrixIsDeterministic(t *testing.T) {
	ctx := context.Background()
	o := few(t, true)
	first, err := Sensitivity(ctx, o)
	require.NoError(t, err)
	rows, catches, unbroken := outline(first)
	done := 0
	o.Workers, o.Done = 3, func(n, of int) {
		done++
		require.Equal(t, done, n)
		require.Equal(t, len(o.Mistakes)+1, of)
	}
	again, err := Sensitivity(ctx, o)
	require.NoError(t, err)
	rowsAgain, catchesAgain, unbrokenAgain := outline(again)
	require.Equal(t, rows, rowsAgain)
	require.Equal(t, catches, catchesAgain)
	require.Equal(t, unbroken, unbrokenAgain)
	require.Equal(t, len(o.Mistakes)+1, done)

	fast, err := Sensitivity(ctx, few(t, false))
	require.NoError(t, err)
	for i, r := range fast.Rows {
		full := first.Rows[i]
		require.Equal(t, full.Draws, r.Draws)
		require.Equal(t, full.Caught[:1], r.Caught)
		require.Equal(t, full.Asked[:len(r.Asked)], r.Asked)
	}
}

// TestMatrixSaysWhatItMisses: with the laws that see nothing, nothing is caught,
// and a false alarm shows.
func TestMatrixSaysWhatItMisses(t *testing.T) {
	uniform, _ := Find("stationary-uniform")
	blind, _ := props.Find("stationary-doubly-stochastic") // the one case where uniform is right
	balance, _ := props.Find("stationary-balance")
	o := Options{Mistakes: []*Mistake{uniform}, Laws: []props.Law{blind}, Seed: 1, All: true, Draws: 20}
	m, err := Sensitivity(context.Background(), o)
	require.NoError(t, err)
	require.Len(t, m.Missed(), 1)
	require.Equal(t, 20, m.Rows[0].Draws)
	require.Len(t, m.Idle(), 1)
	require.False(t, m.Holds())

	o.Laws = []props.Law{blind, balance}
	m, err = Sensitivity(context.Background(), o)
	require.NoError(t, err)
	require.Empty(t, m.Missed())
	require.Empty(t, m.Unexpected())
	require.Len(t, m.CaughtOnce(), 1)
	require.Equal(t, []int{0, 1}, m.Catches())
	require.True(t, m.Holds())

	// A broken subject in the unbroken one's place.
	o.Subject, o.Mistakes, o.Seeds = uniform.Plant(props.Builtin()), []*Mistake{}, 2
	m, err = Sensitivity(context.Background(), o)
	require.NoError(t, err)
	require.Len(t, m.FalseAlarms(), 2)
	require.Equal(t, "stationary-balance", m.FalseAlarms()[0].Law.ID)
	require.Equal(t, 1, m.Unbroken[0].Passed)
	require.False(t, m.Holds())

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Sensitivity(ctx, o)
	require.ErrorIs(t, err, context.Canceled)
}

// TestCatalogue: every mistake has a name, a sentence and known laws that can see it.
func TestCatalogue(t *testing.T) {
	ids, sentences := map[string]bool{}, map[string]bool{}
	for _, f := range All() {
		require.False(t, ids[f.ID], "%s occurs twice", f.ID)
		require.False(t, sentences[f.Description], "%q occurs twice", f.Description)
		ids[f.ID], sentences[f.Description] = true, true
		require.NotEmpty(t, f.Expect, "%s expects no law", f.ID)
		for _, id := range f.Expect {
			_, ok := props.Find(id)
			require.True(t, ok, "%s expects %s, which is no law", f.ID, id)
		}
		require.Contains(t, f.Plant(props.Builtin()).Name(), f.ID)
	}
	_, ok := Find("no such mistake")
	require.False(t, ok)
}

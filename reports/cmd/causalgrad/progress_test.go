package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTimeLeftCountsOnlyWatchedWork: a run that resumed at step 900 of 1000 and
// took 10 s for 50 steps needs 10 s more, not half a second.
func TestTimeLeftCountsOnlyWatchedWork(t *testing.T) {
	clock := time.Unix(0, 0)
	l := &timeLeft{now: func() time.Time { return clock }}
	require.Equal(t, "?", l.String())
	l.move(900, 1000)
	require.Equal(t, "?", l.String())
	clock = clock.Add(10 * time.Second)
	l.move(950, 1000)
	require.Equal(t, "10s left", l.String())
	l.skip(25)
	require.Equal(t, "5s left", l.String())
	clock = clock.Add(10 * time.Second)
	require.Equal(t, "10s left", l.String(), "a run that stands still moves its end away")
}

// TestLinesWithoutTerminal: a short run says nothing, a long one a line now and
// then, and never one for its last step, which the answer follows.
func TestLinesWithoutTerminal(t *testing.T) {
	var out strings.Builder
	clock := time.Unix(0, 0)
	p := newProgress(&out)
	p.now = func() time.Time { return clock }
	step := p.bar("laws", 40)
	step(1)
	clock = clock.Add(quiet - time.Second)
	step(20)
	require.Empty(t, out.String())
	clock = clock.Add(time.Second)
	step(21)
	step(22)
	clock = clock.Add(quiet)
	step(40)
	require.Equal(t, "causalgrad: laws: 21 of 40, 14s left\n", out.String())
}

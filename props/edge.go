package props

import (
	"pgregory.net/rapid"
)

// The edge cases come first: each of a law's first draws is one of those that
// the law can have, as far as half of its draws go, so that few draws meet
// them too. The table of classes counts how often each was met, by the way or
// on purpose.
const (
	fewestTokens    = "S = 2"
	shortest        = "T = 3"
	noEdge          = "no edge"
	oneRoot         = "one root"
	zeroProbability = "a zero probability"
	saturation      = "saturating parameters"
)

// pinned tells a helper to draw the edge case that it names: one a draw, each
// once a run. Smaller cases of a failure keep the edge case that failed.
func pinned(t *rapid.T, edge string) bool {
	r := recorderOf(t)
	switch {
	case r == nil:
		return false
	case r.failed || r.edge != "" || r.calls > r.pins || r.pinned[edge]:
		return r.edge == edge
	}
	r.edge, r.pinned[edge] = edge, true
	return true
}

// met counts an edge case that was drawn.
func met(t *rapid.T, edge string, yes bool) {
	if yes {
		tabulate(t, "edge case", edge)
	}
}

package props

import (
	"context"
	"slices"

	"causalgrad/props/outcome"
	"pgregory.net/rapid"
)

// recorder collects what happens in one law's run. It travels in the context
// of the draw, so that a law needs no argument for it.
type recorder struct {
	draws          int // draws that held, until the first failure
	failed         bool
	shrinking      int // property calls after the first failure
	counterexample *outcome.Counterexample
	panicked       string // a panic that was no violation
	met            outcome.Counts
	scope          Scope
	small          bool // the law's
	leftOut        []outcome.LeftOut
	uncovered      int // draws left out because the subject does not cover them
	calls, pins    int // draws begun before the first failure; how many may be pinned
	edge           string
	pinned         map[string]bool // edge cases that were drawn on purpose
}

type recorderKey struct{}

func newRecorder(scope Scope) *recorder {
	return &recorder{pinned: map[string]bool{}, scope: scope}
}

// recorderOf is the recorder of the run that t belongs to; nil when a law is
// checked outside Run and Fuzz.
func recorderOf(t *rapid.T) *recorder {
	if r, ok := t.Context().Value(recorderKey{}).(*recorder); ok {
		return r
	}
	r, _ := fuzzing.Load(t)
	found, _ := r.(*recorder)
	return found
}

func (r *recorder) context() context.Context {
	return context.WithValue(context.Background(), recorderKey{}, r)
}

// scopeOf is the scope of the subject that t's law asks; without limit outside Run.
func scopeOf(t *rapid.T) Scope {
	if r := recorderOf(t); r != nil {
		return r.scope
	}
	return Scope{}
}

// The values of outcome.LeftOut.Why.
const (
	outsideScope = "scope"
	unsupported  = "unsupported"
	noClaim      = "no claim"
)

// maxReasons bounds the reasons that are told apart; all further ones are one.
const maxReasons = 20

// leaveOut ends a draw that counts neither for the subject nor against it.
// Another one takes its place.
func leaveOut(t *rapid.T, why, reason string) {
	if r := recorderOf(t); r != nil && !r.failed {
		r.leaveOut(why, reason)
	}
	t.Skip(reason)
}

func (r *recorder) leaveOut(why, reason string) {
	at := func(reason string) int {
		return slices.IndexFunc(r.leftOut, func(l outcome.LeftOut) bool { return l.Why == why && l.Reason == reason })
	}
	i := at(reason)
	if i < 0 && len(r.leftOut) >= maxReasons {
		reason = "other reasons"
		i = at(reason)
	}
	if i < 0 {
		r.leftOut = append(r.leftOut, outcome.LeftOut{Why: why, Reason: reason})
		i = len(r.leftOut) - 1
	}
	r.leftOut[i].Draws++
	if why != noClaim {
		r.uncovered++
	}
}

// patience is after how many draws that the subject does not cover a law gives
// up, where none was covered.
const patience = 50

func (r *recorder) hopeless() bool { return r.draws == 0 && !r.failed && r.uncovered >= patience }

// notCovered is the reason on the subject's side that left out the most draws;
// nil for none.
func (r *recorder) notCovered() *outcome.LeftOut {
	var most *outcome.LeftOut
	for i, l := range r.leftOut {
		if l.Why != noClaim && (most == nil || l.Draws > most.Draws) {
			most = &r.leftOut[i]
		}
	}
	return most
}

// observe counts whether the draw meets a condition, one of package outcome's. A
// law calls it for each condition of the claim that it tests.
func observe(t *rapid.T, condition string, met bool) {
	if r := recorderOf(t); r != nil && !r.failed && !r.met.Observe(condition, met) {
		t.Fatalf("a law observes %q, which is no condition of package outcome", condition)
	}
}

// tabulate counts the class of a drawn thing: tabulate(t, "chain", "sticky").
func tabulate(t *rapid.T, kind, class string) {
	if r := recorderOf(t); r != nil && !r.failed {
		r.met.Tabulate(kind, class, 1)
	}
}

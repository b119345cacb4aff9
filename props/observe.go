package props

import (
	"context"
	"slices"
	"sort"

	"pgregory.net/rapid"
)

// recorder collects what happens in one law's run. It travels in the context
// of the draw, so that a law needs no argument for it.
type recorder struct {
	draws          int // draws that held, until the first failure
	failed         bool
	shrinking      int // property calls after the first failure
	counterexample *Counterexample
	panicked       string // a panic that was no violation
	hypotheses     map[string]*[2]int
	classes        map[[2]string]int
	scope          Scope
	small          bool // the law's
	leftOut        []LeftOut
	uncovered      int // draws left out because the subject does not cover them
	calls, pins    int // draws begun before the first failure; how many may be pinned
	edge           string
	pinned         map[string]bool // edge cases that were drawn on purpose
}

type recorderKey struct{}

func newRecorder(scope Scope) *recorder {
	return &recorder{hypotheses: map[string]*[2]int{}, classes: map[[2]string]int{}, pinned: map[string]bool{}, scope: scope}
}

// recorderOf is the recorder of the run that t belongs to; nil when a law is
// checked outside Run.
func recorderOf(t *rapid.T) *recorder {
	r, _ := t.Context().Value(recorderKey{}).(*recorder)
	return r
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

// LeftOut counts the draws that a law left out for one reason.
type LeftOut struct {
	// Why is "scope" where the subject's Scope excludes what was drawn,
	// "unsupported" where it answered with ErrUnsupported, and "no claim" where
	// the law claims nothing of what was drawn.
	Why    string `json:"why"`
	Reason string `json:"reason"`
	Draws  int    `json:"draws"`
}

// The values of LeftOut.Why.
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
		return slices.IndexFunc(r.leftOut, func(l LeftOut) bool { return l.Why == why && l.Reason == reason })
	}
	i := at(reason)
	if i < 0 && len(r.leftOut) >= maxReasons {
		reason = "other reasons"
		i = at(reason)
	}
	if i < 0 {
		r.leftOut = append(r.leftOut, LeftOut{Why: why, Reason: reason})
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
func (r *recorder) notCovered() *LeftOut {
	var most *LeftOut
	for i, l := range r.leftOut {
		if l.Why != noClaim && (most == nil || l.Draws > most.Draws) {
			most = &r.leftOut[i]
		}
	}
	return most
}

// observe counts whether the draw meets a hypothesis, one of hypotheses. A law
// calls it for each condition of the claim that it tests.
func observe(t *rapid.T, hypothesis string, met bool) {
	r := recorderOf(t)
	if r == nil || r.failed {
		return
	}
	if r.hypotheses[hypothesis] == nil {
		if !slices.ContainsFunc(hypotheses(), func(h Hypothesis) bool { return h.ID == hypothesis }) {
			t.Fatalf("a law observes %q, which is none of the hypotheses", hypothesis)
		}
		r.hypotheses[hypothesis] = new([2]int)
	}
	if met {
		r.hypotheses[hypothesis][0]++
	} else {
		r.hypotheses[hypothesis][1]++
	}
}

// tabulate counts the class of a drawn thing: tabulate(t, "chain", "sticky").
func tabulate(t *rapid.T, kind, class string) {
	if r := recorderOf(t); r != nil && !r.failed {
		r.classes[[2]string{kind, class}]++
	}
}

// ClassCount tells how many draws were of a generator's class.
type ClassCount struct {
	Kind  string `json:"kind"` // "chain", "forest", ...
	Class string `json:"class"`
	Draws int    `json:"draws"`
}

// coverage has those of hypotheses that were observed.
func (r *recorder) coverage() []Hypothesis {
	var all []Hypothesis
	for _, h := range hypotheses() {
		if n := r.hypotheses[h.ID]; n != nil {
			h.Met, h.NotMet = n[0], n[1]
			all = append(all, h)
		}
	}
	return all
}

func (r *recorder) classCounts() []ClassCount {
	var all []ClassCount
	for k, n := range r.classes { // sorted below
		all = append(all, ClassCount{k[0], k[1], n})
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].Kind != all[j].Kind {
			return all[i].Kind < all[j].Kind
		}
		return all[i].Class < all[j].Class
	})
	return all
}

// Hypothesis is a condition of a theorem that draws should sometimes meet and
// sometimes miss, with the number of draws that did.
type Hypothesis struct {
	ID string `json:"condition"`
	// Condition is the identifier of the theorems' condition (package
	// condition), empty for a split that is only the laws' own.
	Condition string `json:"-"`
	Sentence  string `json:"sentence"`
	Met       int    `json:"met"`
	NotMet    int    `json:"not_met"`
	// LeastMet and LeastNotMet are for a run of all laws at DefaultDraws.
	LeastMet    int `json:"least_met"`
	LeastNotMet int `json:"least_not_met"`
	// Enough tells whether both counts reach their least values.
	Enough bool `json:"enough"`
}

// Coverage sums the counts of all results, one entry for each hypothesis that
// laws observe.
func Coverage(results []Result) []Hypothesis {
	all := hypotheses()
	for i := range all {
		h := &all[i]
		for _, r := range results {
			for _, n := range r.Coverage {
				if n.ID == h.ID {
					h.Met += n.Met
					h.NotMet += n.NotMet
				}
			}
		}
		h.Enough = h.Met >= h.LeastMet && h.NotMet >= h.LeastNotMet
	}
	return all
}

// Classes sums the class counts of all results.
func Classes(results []Result) []ClassCount {
	sum := newRecorder(Scope{})
	for _, r := range results {
		for _, c := range r.Classes {
			sum.classes[[2]string{c.Kind, c.Class}] += c.Draws
		}
	}
	return sum.classCounts()
}

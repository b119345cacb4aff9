package evidence

import (
	"fmt"
	"math"

	"causalgrad/impl/jsonfile"
	"causalgrad/props"
	"causalgrad/props/outcome"
)

// ConformSchema names the document of a run of the laws, and its version.
const ConformSchema = "causalgrad/conform/1"

// Conformance is a run of the laws on one subject: what `causalgrad conform
// --format json` prints and `causalgrad conform --compare` reads.
type Conformance struct {
	Schema   string  `json:"schema"`
	Subject  string  `json:"subject"`
	Roundoff float64 `json:"roundoff"` // declared by the subject
	Seed     uint64  `json:"seed"`
	Draws    int     `json:"draws"` // of a cheap law
	// FalseAlarm bounds the probability that a right subject fails any law.
	FalseAlarm float64 `json:"false_alarm"`
	Counts     Counts  `json:"counts"`
	// Scope is what the subject says that it covers.
	Scope props.Scope `json:"scope,omitzero"`
	// Unjudged is how many more laws the run was stopped before.
	Unjudged int          `json:"unjudged,omitempty"`
	Laws     []LawOutcome `json:"laws"`
	// Incidents are what the subject's command did wrong, one line each, in the
	// order of their first occurrence.
	Incidents []string          `json:"incidents"`
	Coverage  []CoverageOutcome `json:"coverage"`
	Classes   []outcome.Class   `json:"classes"`
}

// Counts is how many laws ended with each verdict.
type Counts struct {
	Passed int `json:"passed"`
	Failed int `json:"failed"`
	// Refused is how many of Failed refused to answer or gave no answer.
	Refused       int `json:"refused"`
	NotApplicable int `json:"not_applicable"`
	NotTried      int `json:"not_tried"`
	Error         int `json:"error"` // could not be tested; not the subject's fault
}

func (c *Counts) add(l LawOutcome) {
	switch l.Verdict {
	case outcome.Passed:
		c.Passed++
	case outcome.Failed:
		c.Failed++
		if l.Failure.unanswered() {
			c.Refused++
		}
	case outcome.NotApplicable:
		c.NotApplicable++
	case outcome.NotTried:
		c.NotTried++
	default:
		c.Error++
	}
}

// untested is how many laws say nothing of the subject.
func (c Counts) untested() int { return c.NotApplicable + c.NotTried }

// laws is how many laws were counted.
func (c Counts) laws() int { return c.Passed + c.Failed + c.untested() + c.Error }

// LawOutcome is one law's result, with what a document adds to its failure.
type LawOutcome struct {
	props.Result
	// Failure is the shrunk counterexample of a law that failed.
	Failure *Failure `json:"failure,omitempty"`
}

// Failure is a counterexample with the command that replays it.
type Failure struct {
	outcome.Counterexample
	// Hint names what the answers look like, where they look like something known.
	Hint   string `json:"hint,omitempty"`
	Replay string `json:"replay"`
}

// unanswered reports whether the subject gave no answer that could be wrong.
func (f *Failure) unanswered() bool {
	return f != nil && (f.Kind == outcome.Refusal || f.Kind == outcome.NoAnswer)
}

// CoverageOutcome tells how many draws met a theorem's condition and how many
// did not.
type CoverageOutcome struct {
	outcome.Condition
	// Judged tells whether the least numbers apply: all laws, or all those of any
	// implementation, ran to their end, with the default number of draws or more.
	Judged bool `json:"judged"`
	Enough bool `json:"enough"`
}

// Run is what NewConformance describes.
type Run struct {
	Subject   props.Subject
	Options   props.Options
	Results   []props.Result
	Unjudged  int // laws that the run was stopped before
	Incidents []string
	// Hints says what the answers of the failed laws look like, by their names.
	Hints map[string]string
	// Program is how a replay command starts this program; "" means causalgrad.
	Program string
	// Behind is what follows the replay command: the subject's own command.
	Behind string
}

// NewConformance is the document of a run.
func NewConformance(r Run) Conformance {
	draws := r.Options.Draws
	if draws == 0 {
		draws = props.DefaultDraws
	}
	c := Conformance{Schema: ConformSchema, Subject: r.Subject.Name(), Roundoff: r.Subject.Roundoff(),
		Scope: props.ScopeOf(r.Subject), Seed: r.Options.Seed, Draws: draws, Unjudged: r.Unjudged, Incidents: append([]string{}, r.Incidents...)}
	var met outcome.Counts
	for _, one := range r.Results {
		l := LawOutcome{Result: one}
		if one.Failure != nil {
			l.Failure = &Failure{Counterexample: *one.Failure, Hint: r.Hints[one.ID], Replay: one.Replay(r.Program) + r.Behind}
		}
		c.Counts.add(l)
		if one.Verdict != outcome.NotApplicable {
			c.FalseAlarm = math.Min(c.FalseAlarm+r.Options.FalseAlarm(one.Law), 1)
		}
		c.Laws = append(c.Laws, l)
		met.Add(one.Met)
	}
	whole := len(r.Results) == len(props.All())
	judged := whole && c.Counts.Passed == len(r.Results) && draws >= props.DefaultDraws
	for _, h := range met.Conditions() {
		c.Coverage = append(c.Coverage, CoverageOutcome{Condition: h, Judged: judged, Enough: h.Enough()})
	}
	c.Classes = met.Classes()
	return c
}

// Holds reports whether every law that was tested holds.
func (c Conformance) Holds() bool { return c.Counts.Failed == 0 && c.Counts.Error == 0 }

// ReadConformance reads a document that `conform --format json` wrote; name
// stands for it in errors.
func ReadConformance(name string, text []byte) (Conformance, error) {
	var c Conformance
	if err := jsonfile.Decode(text, &c); err != nil {
		return c, fmt.Errorf("%s: %w, want the document of conform --format json", name, err)
	}
	if c.Schema != ConformSchema {
		return c, fmt.Errorf("%s: schema = %q, want %q", name, c.Schema, ConformSchema)
	}
	if c.Subject == "" || len(c.Laws) == 0 {
		return c, fmt.Errorf("%s: no subject or no laws in it", name)
	}
	return c, nil
}

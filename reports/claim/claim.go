package claim

import (
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/reports/figure"
	"causalgrad/reports/page"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// Kind says what sort of evidence a verdict rests on.
type Kind string

// The kinds of evidence.
const (
	Exact       Kind = "exact"       // equality up to rounding, on the instances named
	Certified   Kind = "certified"   // a proof by interval or rational arithmetic
	Statistical Kind = "statistical" // an estimate with an interval or an error rate
	Observed    Kind = "observed"    // what single runs did
)

// Certainty says how sure the wording of a statement is.
type Certainty string

// The certainties, from the surest.
const (
	Code     Certainty = "code"     // read off the official implementation
	Restated Certainty = "restated" // restated by a follow-up
	Derived  Certainty = "derived"  // derived here, whatever the paper's own words
	Recalled Certainty = "recalled" // from memory: no quotation
)

// Group is what a claim is about.
type Group string

// The groups, in the order in which they are told.
const (
	Paper   Group = "the paper"
	Beyond  Group = "beyond the paper"
	Program Group = "this program"
)

// Groups lists them in their order.
func Groups() []Group { return []Group{Paper, Beyond, Program} }

// Claim is one entry of the ledger before it is judged.
type Claim struct {
	ID        string // slug
	Group     Group  // All fills it in where the part says it
	Statement string // one sentence
	Where     string // in the paper, or that it is this project's own
	Kind      Kind
	Certainty Certainty
	Caveat    string   // what a reader of the verdict must know; "" if nothing
	Command   string   // reproduces the evidence; All makes it one that runs as pasted in a clone
	Tables    []string // ids of the tables that show it
	Figures   []string // ids of the figures that show it

	judge func(Evidence) Finding
}

// Finding is what the evidence says of a claim.
type Finding struct {
	Verdict verdict.Verdict     // holds, fails, partly, undecided or not run
	Numbers string              // what it rests on, with its uncertainty
	Short   string              // the same in a few words, with one number at most; may be ""
	Why     string              // why it holds partly or is undecided; may be ""
	Records []experiment.Record // the runs that were judged, if it rests on runs
}

// Judged is a claim with its finding.
type Judged struct {
	Claim
	Finding
}

// caveat is the claim's, once there is evidence.
func (j Judged) caveat() string {
	if j.Verdict == verdict.NotRun {
		return ""
	}
	return j.Caveat
}

// Ledger judges every claim on the evidence, in the order of All.
func Ledger(e Evidence) []Judged {
	var all []Judged
	for _, c := range All() {
		all = append(all, Judged{c, c.judge(e)})
	}
	return all
}

// All lists the claims: the task, the first step, the theorems, the
// constructions, the figures, and what this project adds.
func All() []Claim {
	var all []Claim
	for _, part := range []struct {
		group  Group
		claims []Claim
	}{{Paper, firstStepClaims()}, {Paper, theoremClaims()}, {Paper, constructionClaims()}, {Beyond, dynamicsClaims()}, {Beyond, limitClaims()}, {Paper, figureClaims()}, {Program, ownClaims()}} {
		for _, c := range part.claims {
			if c.Group == "" {
				c.Group = part.group
			}
			c.Command = strings.ReplaceAll(c.Command, "causalgrad ", "go run ./reports/cmd/causalgrad ")
			all = append(all, c)
		}
	}
	return all
}

// Fails tells whether any claim fails: not run and undecided do not.
func Fails(all []Judged) bool {
	for _, j := range all {
		if j.Verdict == verdict.Fails {
			return true
		}
	}
	return false
}

// Table is the ledger's verdicts, one row a claim.
func Table(all []Judged) table.Table {
	t := table.Table{ID: "claims", Title: "Verdicts on the claims", Columns: []table.Column{{Name: "claim"}, {Name: "verdict"}, {Name: "evidence"},
		{Name: "source certainty"}, {Name: "numbers"}}}
	for _, j := range all {
		t.Add(table.Text(j.ID), table.Verdict(j.Verdict), table.Text(string(j.Kind)), table.Text(string(j.Certainty)), table.Text(j.Entry(nil, nil).Text()))
	}
	t.Note("source certainty: how sure the statement's wording is: code (read off the official implementation), restated (by a follow-up), derived (here), recalled (from memory)")
	t.Note("partly: what was run agrees but is less than the claim asks for; undecided: it does not settle the claim; not run: no evidence was gathered")
	return t
}

// Statements is what the claims say, where, and how to reproduce them.
func Statements(all []Judged) table.Table {
	t := table.Table{ID: "statements", Title: "What the claims say", Columns: []table.Column{{Name: "claim"}, {Name: "statement"}, {Name: "in the paper"}, {Name: "reproduce"}}}
	for _, j := range all {
		t.Add(table.Text(j.ID), table.Text(j.Statement), table.Text(j.Where), table.Text(j.Command))
	}
	return t
}

// paperAddress is where the paper can be read.
const paperAddress = "https://arxiv.org/abs/2402.14735"

// source is the paper's address for claims about it.
func (j Judged) source() string {
	if strings.Contains(j.Where, "this project's own") {
		return ""
	}
	return paperAddress
}

// Entry is the claim for the page and for continuous integration, with those of the
// tables and figures that show it.
func (j Judged) Entry(tables []table.Table, figures []figure.Figure) page.Entry {
	e := page.Entry{ID: j.ID, Group: string(j.Group), Line: j.Line(), Source: j.source(), Statement: j.Statement, Where: j.Where, Kind: string(j.Kind), Certainty: string(j.Certainty),
		Verdict: j.Verdict, Numbers: j.Numbers, Caveat: j.caveat(), Command: j.Command}
	for _, id := range j.Tables {
		for _, t := range tables {
			if t.ID == id {
				e.Tables = append(e.Tables, t)
			}
		}
	}
	for _, id := range j.Figures {
		for _, f := range figures {
			if f.ID == id {
				e.Figures = append(e.Figures, f)
			}
		}
	}
	return e
}

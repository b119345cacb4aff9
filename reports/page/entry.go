// Package page writes the report that people read: one self-contained HTML
// file with the claims ledger first, each claim unfolding to its tables, figures,
// command and provenance. It opens from disk, loads nothing, follows the reader's
// light or dark scheme, prints, and works from the keyboard and with a screen reader.
//
// It prints the verdicts that it is given and never reaches one. It has no
// counterpart in the paper.
package page

import (
	"fmt"
	"regexp"

	"causalgrad/reports/figure"
	"causalgrad/reports/manifest"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// Entry is one claim of the ledger with its evidence.
type Entry struct {
	ID         string          // slug: names the claim in links, JUnit and the command
	Group      string          // what it is about: entries of a group stand together
	Statement  string          // one sentence
	Where      string          // in the paper, or that it is this project's own
	Kind       string          // of evidence: exact, certified, statistical, observed
	Source     string          // address of the paper where the statement is about it, "" if not
	Certainty  string          // how sure the statement's wording is: code, restated, derived, recalled
	Verdict    verdict.Verdict // holds, fails, partly, undecided, not run
	Numbers    string          // what was measured, with its uncertainty
	Line       string          // the same in a few words
	Caveat     string          // what qualifies it, "" if nothing
	Command    string          // reproduces it
	Tables     []table.Table
	Figures    []figure.Figure
	Provenance []Fact // of this claim alone; the page's manifest covers the rest
}

// Text is the numbers with what qualifies them.
func (e Entry) Text() string {
	if e.Caveat == "" {
		return e.Numbers
	}
	return e.Numbers + "; caveat: " + e.Caveat
}

// Fact is a line of provenance.
type Fact struct{ Name, Value string }

// Page is the whole report. Tables and Figures are those that belong to no
// single claim.
type Page struct {
	Title    string
	Lead     string         // a paragraph under the title
	Findings []string       // sentences that open the page
	Opening  *figure.Figure // the picture that opens it; nil for none
	Groups   []string       // in their order; without any, the entries are one group
	Entries  []Entry
	Tables   []table.Table
	Figures  []figure.Figure
	Manifest manifest.Manifest
}

var slug = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)

// Check reports the first thing wrong with the entry itself: an ID that is no
// slug, an empty field, or an unknown verdict.
func (e Entry) Check() error {
	if !slug.MatchString(e.ID) {
		return fmt.Errorf("claim id %q: want a slug of a-z, 0-9, '-' and '_'", e.ID)
	}
	for _, field := range []Fact{{"statement", e.Statement}, {"where", e.Where}, {"kind", e.Kind}, {"certainty", e.Certainty}, {"command", e.Command}} {
		if field.Value == "" {
			return fmt.Errorf("claim %s has no %s", e.ID, field.Name)
		}
	}
	for _, v := range verdictOrder {
		if e.Verdict == v {
			return nil
		}
	}
	return fmt.Errorf("claim %s: unknown verdict %q", e.ID, string(e.Verdict))
}

// verdictOrder is the order in which the head of the page counts verdicts.
var verdictOrder = []verdict.Verdict{verdict.Holds, verdict.Partly, verdict.Undecided, verdict.Fails, verdict.NotRun, verdict.Pass, verdict.Fail}

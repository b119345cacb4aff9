package claim

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/golden/stat"
	"causalgrad/impl/experiment"
	"causalgrad/props"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
	"causalgrad/theory/necessity"
)

// Evidence is what was gathered. Every part may be absent: its claims are then
// not run.
type Evidence struct {
	Tables   []table.Table
	Records  []experiment.Record
	Points   []evidence.Algorithm1Point
	Rates    []evidence.NamedRate
	Outcomes []necessity.Outcome
	Regions  []evidence.CertifiedRegion
	Laws     []props.Result
	Builds   []runs.Build   // of the determinism matrix
	Bits     *evidence.Bits // what their bits are; nil without the matrix
}

// longest are the records of each experiment with the most steps: shorter runs
// of the same experiment say less.
func (e Evidence) longest() []experiment.Record {
	most := map[string]int{} // only looked up
	for _, r := range e.Records {
		most[r.Spec.ID] = max(most[r.Spec.ID], r.Spec.Steps)
	}
	var list []experiment.Record
	for _, r := range e.Records {
		if r.Spec.Steps == most[r.Spec.ID] {
			list = append(list, r)
		}
	}
	return list
}

// notRun is the finding of a claim without evidence.
func notRun(what string) Finding {
	return Finding{Verdict: table.NotRun, Numbers: "no evidence: " + what}
}

// decide is holds or fails.
func decide(ok bool, format string, a ...any) Finding {
	v := table.Fails
	if ok {
		v = table.Holds
	}
	return Finding{Verdict: v, Numbers: fmt.Sprintf(format, a...)}
}

// grid reads a table by its column names.
type grid struct{ table.Table }

// grid finds a table; without rows it counts as absent.
func (e Evidence) grid(id string) (grid, bool) {
	for _, t := range e.Tables {
		if t.ID == id {
			return grid{t}, len(t.Rows) > 0
		}
	}
	return grid{}, false
}

// text is a row's text in a column, "" where there is no such column.
func (g grid) text(row []table.Cell, column string) string {
	if c, ok := g.cell(row, column); ok {
		return c.String()
	}
	return ""
}

// value is a row's number in a column with its standard error (0 without one);
// NaN where there is none, which no threshold accepts.
func (g grid) value(row []table.Cell, column string) (value, stderr float64) {
	if c, ok := g.cell(row, column); ok {
		if v, ok := c.Value(); ok {
			stderr, _ = c.StandardError()
			return v, stderr
		}
	}
	return math.NaN(), math.NaN()
}

func (g grid) cell(row []table.Cell, column string) (table.Cell, bool) {
	for i, c := range g.Columns {
		if c.Name == column && i < len(row) {
			return row[i], true
		}
	}
	return table.Cell{}, false
}

// where are the rows with these texts in these columns, given in turn.
func (g grid) where(columnsAndTexts ...string) [][]table.Cell {
	var rows [][]table.Cell
	for _, row := range g.Rows {
		match := true
		for i := 0; i+1 < len(columnsAndTexts); i += 2 {
			match = match && g.text(row, columnsAndTexts[i]) == columnsAndTexts[i+1]
		}
		if match {
			rows = append(rows, row)
		}
	}
	return rows
}

// rates are the fitted exponents whose names start so.
func (e Evidence) rates(prefix string) []evidence.NamedRate {
	var found []evidence.NamedRate
	for _, r := range e.Rates {
		if strings.HasPrefix(r.Name, prefix) {
			found = append(found, r)
		}
	}
	return found
}

// falls tells whether every interval lies below 0, and shows the exponents.
func falls(rates []evidence.NamedRate) (all bool, numbers string) {
	all = true
	var words []string
	for _, r := range rates {
		all = all && r.Rate.Interval.Hi < 0
		words = append(words, fmt.Sprintf("T^%.3f, %.0f%% interval [%.3f, %.3f]%s", r.Rate.Exponent, 100*stat.RateConfidence,
			r.Rate.Interval.Lo, r.Rate.Interval.Hi, afterComma(r.Name)))
	}
	return all, strings.Join(words, "; ")
}

// afterComma is what a rate's name says behind its first comma, in brackets.
func afterComma(name string) string {
	if _, rest, ok := strings.Cut(name, ", "); ok {
		return " (" + rest + ")"
	}
	return ""
}

// laws judges the named laws: all must have been run and passed.
func (e Evidence) laws(ids ...string) Finding {
	draws := 0
	for _, id := range ids {
		i := slices.IndexFunc(e.Laws, func(r props.Result) bool { return r.Law.ID == id })
		if i < 0 {
			return notRun("law " + id)
		}
		switch r := e.Laws[i]; r.Verdict {
		case props.Passed:
			draws += r.Draws
		case props.Failed:
			return Finding{Verdict: table.Fails, Numbers: fmt.Sprintf("law %s fails: %s", id, r.Replay())}
		default:
			return Finding{Verdict: table.NotRun, Numbers: fmt.Sprintf("law %s: %s", id, r.Verdict)}
		}
	}
	return Finding{Verdict: table.Holds, Numbers: fmt.Sprintf("%s: no counterexample in %d random instances", plural(len(ids), "law"), draws)}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

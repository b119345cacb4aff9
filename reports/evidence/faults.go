package evidence

import (
	"fmt"
	"strings"

	"causalgrad/props/fault"
	"causalgrad/props/gen"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
)

// Sensitivity tabulates which law catches which planted mistake. seconds is the
// time of each mistake's search by its id; mistakes without one show none, and
// without any there is no such column.
func Sensitivity(m fault.Matrix, seconds map[string]float64) Result {
	r := Result{Holds: len(m.Missed()) == 0, Table: table.Table{ID: "faults", Title: "Planted mistakes and the laws that catch them", Columns: []table.Column{
		{Name: "planted mistake"}, {Name: "what is wrong"}, {Name: "caught by"}, {Name: "draws", Align: table.Right}}}}
	if len(seconds) > 0 {
		r.Table.Columns = append(r.Table.Columns, table.Column{Name: "seconds", Align: table.Right})
	}
	r.Table.Columns = append(r.Table.Columns, table.Column{Name: "verdict"})
	for _, row := range m.Rows {
		by := table.Text(caughtBy(row.Caught))
		if len(row.Caught) > 0 && !row.AsExpected() {
			by = by.WithNote(r.Table.Note("none of the laws that should catch it: " + strings.Join(row.Mistake.Expect, ", ")))
		}
		cells := []table.Cell{table.Text(row.Mistake.ID), table.Text(row.Mistake.Description), by, table.Integer(row.Draws)}
		if s, ok := seconds[row.Mistake.ID]; ok {
			cells = append(cells, table.Fixed(s, 3))
		} else if len(seconds) > 0 {
			cells = append(cells, table.Text(""))
		}
		r.Table.Add(append(cells, passed(len(row.Caught) > 0))...)
	}
	r.Table.Note(fmt.Sprintf("%s, %d caught", words.Counted(len(m.Rows), "mistake"), len(m.Rows)-len(m.Missed())))
	until := "draws"
	if len(seconds) > 0 {
		until = "draws and seconds"
	}
	r.Table.Note(until + ": until the first law caught it, the draws of laws asked before included")
	if !m.Complete {
		r.Table.Note("each mistake was searched until one law had caught it; --matrix asks all laws about all mistakes")
	}
	return r
}

// caughtBy names a few laws and counts the others.
func caughtBy(laws []string) string {
	const named = 2
	if len(laws) <= named {
		return strings.Join(laws, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(laws[:named], ", "), len(laws)-named)
}

// LawCatches tabulates how many mistakes each law catches, of those that touch
// what it needs, and how many would go unnoticed without it. It is made of a
// complete matrix.
func LawCatches(m fault.Matrix) table.Table {
	t := table.Table{ID: "law-catches", Title: "Laws and the planted mistakes that they catch", Columns: []table.Column{
		{Name: "law"}, {Name: "asked", Align: table.Right}, {Name: "caught", Align: table.Right}, {Name: "alone", Align: table.Right}, {Name: "what it says"}}}
	asked, alone := map[string]int{}, map[string]int{}
	for _, row := range m.Rows {
		for _, a := range row.Asked {
			asked[a.Law]++
		}
		if len(row.Caught) == 1 {
			alone[row.Caught[0]]++
		}
	}
	caught := m.Catches()
	for i, l := range m.Laws {
		t.Add(table.Text(l.ID), table.Integer(asked[l.ID]), table.Integer(caught[i]), table.Integer(alone[l.ID]), table.Text(l.Sentence))
	}
	t.Note(fmt.Sprintf("mistakes that exactly one law catches: %d; laws that catch nothing: %d of %d", len(m.CaughtOnce()), len(m.Idle()), len(m.Laws)))
	return t
}

// FalseAlarms tabulates the runs of all laws on the unbroken subject.
func FalseAlarms(m fault.Matrix) Result {
	r := Result{Holds: len(m.FalseAlarms()) == 0, Table: table.Table{ID: "false-alarms", Title: "False alarms of the laws on the unbroken implementation, with fresh seeds", Columns: []table.Column{
		{Name: "seed", Align: table.Right}, {Name: "laws passed", Align: table.Right}, {Name: "false alarms", Align: table.Right}, {Name: "verdict"}}}}
	for _, u := range m.Unbroken {
		for _, alarm := range u.Alarms {
			r.Table.Note(alarm.String())
		}
		r.Table.Add(table.Integer(u.Seed), table.Integer(u.Passed), table.Integer(len(u.Alarms)), passed(len(u.Alarms) == 0))
	}
	return r
}

// Generators tabulates how often each class occurs among n draws of the laws'
// generators.
func Generators(seed, n int) Result {
	r := Result{Holds: true, Table: table.Table{ID: "generators", Title: "Classes of cases that the laws draw", Columns: []table.Column{
		{Name: "kind"}, {Name: "class"}, {Name: "draws", Align: table.Right}, {Name: "share", Unit: "%", Align: table.Right},
		{Name: "least", Unit: "%", Align: table.Right}, {Name: "verdict"}}}}
	for _, s := range gen.Census(seed, n) {
		r.Holds = r.Holds && s.Enough()
		r.Table.Add(table.Text(s.Kind), table.Text(s.Class), table.Integer(s.Draws), table.Fixed(100*s.Fraction(), 1),
			table.Fixed(100*s.Least, 1), passed(s.Enough()))
	}
	r.Table.Note(fmt.Sprintf("%d draws of each kind; names first, then properties of what was drawn, which overlap", n))
	return r
}

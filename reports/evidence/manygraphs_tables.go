package evidence

import (
	"fmt"

	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// ForestTable is the table of the published forests, a row each.
func (m ManyGraphs) ForestTable() table.Table {
	t := table.Table{ID: "many-graphs-forests", Title: "Published forests: mean deficit (1 - weight) of the position block",
		Columns: []table.Column{
			{Name: "forest", Align: table.Right}, {Name: "steps", Align: table.Right}, {Name: "seeds", Align: table.Right},
			{Name: "mean", Align: table.Decimal}, {Name: "sd", Align: table.Decimal}, {Name: "min", Align: table.Decimal},
			{Name: "max", Align: table.Decimal},
			{Name: "published", Align: table.Decimal}, {Name: "rank"}, {Name: "P", Align: table.Decimal}, {Name: "verdict"}, {Name: "checks"}}}
	for _, f := range m.Forests {
		rank, p := table.Text("-"), table.Text("-")
		if f.Rank != nil {
			rank, p = table.Text(fmt.Sprintf("%d of %d", f.Rank.Below+1, f.Rank.N+1)), table.Fixed(f.Rank.P, 2)
		}
		t.Add(table.Integer(f.Trial), table.Integer(f.Steps), table.Integer(len(f.Seeds)), table.Fixed(f.Ours.Mean, 4),
			deviation(f.Ours, len(f.Seeds)),
			table.Fixed(f.Ours.Min, 4), table.Fixed(f.Ours.Max, 4), table.Fixed(f.Published, 4), rank, p, f.Range.cell(len(f.Seeds)),
			m.checkedCell(f))
	}
	t.Note("mean, sd, min and max over our seeds; rank: of the published value among our seeds and itself, 1 is the smallest; inside: " +
		"between our smallest and largest")
	for _, line := range m.rankNotes() {
		t.Note(line)
	}
	t.Note("the published runs are float32 with the stationary distribution from an SVD in float32, one seed each, ours float64; " +
		"checks, where the published value is outside: so many more runs, each with float32, that law or the steps changed (their own " +
		"table), and whether the published value is outside all runs together")
	if n := m.notComparable(); n > 0 {
		t.Note(fmt.Sprintf("not comparable: the published runs took %d steps; other numbers of steps have other deficits", m.PublishedSteps))
	}
	for _, line := range m.Ignored {
		t.Note("left out: " + line)
	}
	return t
}

func (m ManyGraphs) notComparable() int {
	n := 0
	for _, f := range m.Forests {
		if f.Range == NotComparable {
			n++
		}
	}
	return n
}

func deviation(s Spread, seeds int) table.Cell {
	if seeds < 2 {
		return table.Text("-")
	}
	return table.Fixed(s.StdDev, 4)
}

// cell is the place in words; not comparable counts as not run, and outside as a
// failure only with so many seeds that chance alone rarely puts a value there.
func (p RangeVerdict) cell(seeds int) table.Cell {
	v := map[RangeVerdict]verdict.Verdict{Inside: verdict.Pass, Outside: verdict.Undecided, NotComparable: verdict.NotRun}[p]
	if p == Outside && chanceOutside(seeds) <= ManyGraphsAlpha {
		v = verdict.Fail
	}
	return table.Text(string(p)).WithVerdict(v)
}

// EdgeTable is the table of the published forests' edges. The short one has
// only the edges that the published runs or ours did not learn.
func (m ManyGraphs) EdgeTable(complete bool) table.Table {
	t := table.Table{ID: "many-graphs-edges", Title: "Published edges that one side did not learn: weight of the position block",
		Columns: []table.Column{
			{Name: "forest", Align: table.Right}, {Name: "steps", Align: table.Right}, {Name: "child", Align: table.Right},
			{Name: "parent", Align: table.Right},
			{Name: "published", Align: table.Decimal}, {Name: "mean", Align: table.Decimal}, {Name: "sd", Align: table.Decimal},
			{Name: "min", Align: table.Decimal}, {Name: "max", Align: table.Decimal}, {Name: "not learned"}, {Name: "verdict"}}}
	if complete {
		t.Title = "Published edges: weight of the position block"
	}
	for _, e := range m.Edges {
		published, ours := e.Learned()
		if published && ours && !complete {
			continue
		}
		t.Add(table.Integer(e.Trial), table.Integer(e.Steps), table.Integer(e.Child), table.Integer(e.Parent), table.Fixed(e.Published, 3),
			table.Fixed(e.Ours.Mean, 3),
			deviation(e.Ours, len(e.Weights)), table.Fixed(e.Ours.Min, 3), table.Fixed(e.Ours.Max, 3), table.Text(unlearned(published, ours)),
			e.Range.cell(len(e.Weights)))
	}
	t.Note(fmt.Sprintf("learned: weight of at least %g, more than all other positions of the row together; ours by the mean over seeds",
		learnedWeight))
	if !complete {
		t.Note(fmt.Sprintf("%d of %d edges are shown; the CSV has all", len(t.Rows), len(m.Edges)))
	}
	return t
}

func unlearned(published, ours bool) string {
	switch {
	case published && ours:
		return "-"
	case published:
		return "ours"
	case ours:
		return "published"
	}
	return "both"
}

func seedList(seeds []uint64) table.Cell {
	text := ""
	for i, s := range seeds {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprint(s)
	}
	return table.Text(text)
}

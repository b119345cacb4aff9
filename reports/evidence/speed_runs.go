package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/reports/table"
)

// hour is in seconds.
const hour = 3600.0

// RunTimeTable tabulates the wall time of the records' runs by experiment, the
// forests of many-graphs together, beside what the official code would take for
// as many steps.
func RunTimeTable(records []experiment.Record) table.Table {
	t := table.Table{ID: "speed-runs", Title: "Wall time of whole runs", Columns: []table.Column{
		{Name: "experiment"}, {Name: "configuration"}, {Name: "steps", Align: table.Right}, {Name: "runs", Align: table.Right},
		{Name: "shortest, seconds", Align: table.Right}, {Name: "hours in all", Align: table.Right}, {Name: "official code, hours", Align: table.Right}}}
	all := slices.Clone(records)
	slices.SortStableFunc(all, func(a, b experiment.Record) int { return cmp.Compare(runGroup(a), runGroup(b)) })
	total, quiet, theirs := 0.0, 0.0, 0.0
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(x experiment.Record) bool { return runGroup(x) != runGroup(all[0]) })
		if n < 0 {
			n = len(all)
		}
		group, sum, shortest := all[:n], 0.0, all[0].Provenance.WallSeconds
		all = all[n:]
		for _, x := range group {
			sum += x.Provenance.WallSeconds
			shortest = min(shortest, x.Provenance.WallSeconds)
		}
		total += sum
		quiet += shortest * float64(n)
		s, official := group[0].Spec, table.Text("-")
		if ms, ok := officialStep[configuration(s)]; ok {
			hours := ms / 1000 * float64(s.Steps) * float64(n) / hour
			theirs += hours
			official = table.Fixed(hours, 1)
		}
		t.Add(table.Text(experimentName(s)), table.Text(configuration(s)), table.Integer(s.Steps), table.Integer(n),
			table.Fixed(shortest, 0), table.Fixed(sum/hour, 2), official)
	}
	t.Add(table.Text("all"), table.Text(""), table.Text(""), table.Integer(len(records)), table.Text(""), table.Fixed(total/hour, 2), table.Fixed(theirs, 1))
	t.Note(fmt.Sprintf("with the tests after training, one processor a run; other work shared the processors with many of the runs: with the shortest time for each, all would take %.2f hours of one processor", quiet/hour))
	t.Note("official code: 43, 204 and 380 ms a step, sampling included, measured once elsewhere on two quiet cores, times the steps, without its tests; unknown for the transformer with MLP")
	return t
}

// experimentName is the experiment of a spec; the forests are one.
func experimentName(s experiment.Spec) string {
	if strings.HasPrefix(s.ID, "many-graphs-") {
		return "many-graphs"
	}
	return s.ID
}

// runGroup holds the runs that a row pools.
func runGroup(r experiment.Record) string {
	return fmt.Sprintf("%s/%s/%012d", experimentName(r.Spec), configuration(r.Spec), r.Spec.Steps)
}

// configuration is a spec as the benchmarks name it.
func configuration(s experiment.Spec) string {
	if s.Model == "transformer" {
		return fmt.Sprintf("S=%d,T=%d,transformer", s.Tokens, s.Length)
	}
	heads := strings.ReplaceAll(strings.Trim(fmt.Sprint(s.Heads), "[]"), " ", "-")
	return fmt.Sprintf("S=%d,T=%d,heads=%s", s.Tokens, s.Length, heads)
}

package evidence

import (
	"causalgrad/impl/experiment"
	"causalgrad/reports/table"
)

// ManyReport is everything that records of many-graphs say beside the
// published table.
type ManyReport struct {
	ManyGraphs
	Mean ManyGraphsEquivalence `json:"mean"`
	// Output and Code are the published output and the official code run again, each
	// beside our seeds.
	Output OtherRun `json:"output"`
	Code   OtherRun `json:"code"`
}

// ReportManyGraphs compares the runs of many-graphs among the records with the
// published table.
func ReportManyGraphs(records []experiment.Record) (ManyReport, error) {
	m, err := CompareManyGraphs(records)
	if err != nil {
		return ManyReport{}, err
	}
	r := ManyReport{ManyGraphs: m}
	if r.Mean, err = m.Equivalence(); err != nil {
		return ManyReport{}, err
	}
	if r.Output, err = m.Output(); err != nil {
		return ManyReport{}, err
	}
	r.Code, err = m.Code()
	return r, err
}

// Empty reports whether no record was a run of many-graphs.
func (r ManyReport) Empty() bool {
	return len(r.Forests) == 0 && len(r.Checks) == 0 && len(r.Ignored) == 0
}

// Tables are the report's tables; complete asks for every edge.
func (r ManyReport) Tables(complete bool) []table.Table {
	all := []table.Table{r.ForestTable()}
	if len(r.Checks) > 0 {
		all = append(all, r.CheckTable())
	}
	all = append(all, r.Mean.Table())
	if len(r.Output.Forests) > 0 {
		all = append(all, OutlierTable(r.Output, r.Code))
	}
	if len(r.Paths) > 0 {
		all = append(all, PathsTable(r.Paths))
	}
	return append(all, r.EdgeTable(complete))
}

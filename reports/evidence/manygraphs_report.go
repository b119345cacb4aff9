package evidence

import (
	"causalgrad/impl/experiment"
)

// ManyReport is everything that records of many-graphs say beside the
// published table.
type ManyReport struct {
	ManyGraphs
	Mean      ManyGraphsEquivalence `json:"mean"`
	Unlearned []Reason              `json:"unlearned"` // by the published runs or by ours
	Contrasts []ReasonContrast      `json:"contrasts"`
	Outcomes  Clustering            `json:"outcomes"`
}

// ReportManyGraphs compares the runs of many-graphs among the records with the
// published table; a claim may be judged by its Mean and its Forests. weights
// may be nil: then nothing is said of trained weights.
func ReportManyGraphs(records []experiment.Record, weights WeightsOf) (ManyReport, error) {
	m, err := CompareManyGraphs(records)
	if err != nil {
		return ManyReport{}, err
	}
	r := ManyReport{ManyGraphs: m}
	if r.Mean, err = m.Equivalence(); err != nil {
		return ManyReport{}, err
	}
	if r.Unlearned, err = m.Reasons(weights); err != nil {
		return ManyReport{}, err
	}
	if r.Contrasts, err = ReasonContrasts(r.Unlearned); err != nil {
		return ManyReport{}, err
	}
	r.Outcomes, err = m.Clusters(weights)
	return r, err
}

// Empty reports whether no record was a run of many-graphs.
func (r ManyReport) Empty() bool {
	return len(r.Forests) == 0 && len(r.Checks) == 0 && len(r.Ignored) == 0
}

// Tables are the report's tables; complete asks for every edge.
func (r ManyReport) Tables(complete bool) []Result {
	results := []Result{r.ForestTable()}
	if len(r.Checks) > 0 {
		results = append(results, r.CheckTable())
	}
	results = append(results, r.Mean.Table(), r.EdgeTable(complete), ReasonTable(r.Unlearned, r.Contrasts, complete))
	return append(results, r.Outcomes.Tables()...)
}

package evidence

import (
	"strings"

	"causalgrad/golden/runs"
)

// planted is what the adapters add to their name when they have a fault.
const planted = " with fault "

// Implementations tabulates the recorded runs of the laws on other
// implementations, and apart those with a planted fault, each of which must fail
// a law.
func Implementations(recorded []runs.Conformance) ([]Result, error) {
	var right, wrong []Conformance
	for _, r := range recorded {
		c, err := ReadConformance(r.Name, r.Data)
		if err != nil {
			return nil, err
		}
		if strings.Contains(c.Subject, planted) {
			wrong = append(wrong, c)
		} else {
			right = append(right, c)
		}
	}
	summary, laws, err := CompareConformance(right, false)
	if err != nil {
		return nil, err
	}
	faults, _, err := CompareConformance(wrong, true)
	if err != nil {
		return nil, err
	}
	faults.Table.ID, faults.Table.Title = "implementations-planted", "Implementations with a planted fault"
	faults.Holds = true
	for _, c := range wrong {
		faults.Holds = faults.Holds && c.Counts.Failed > 0
	}
	faults.Table.Note("each has to fail")
	return []Result{summary, faults, laws}, nil
}

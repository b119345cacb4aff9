package evidence

import (
	"fmt"
	"strings"

	"causalgrad/golden/runs"
)

// What an adapter's name says of its code: that a mistake was planted in it, or that nobody
// here wrote it.
const (
	planted = " with fault "
	authors = "official"
)

// Implementations tabulates the recorded runs of the laws on other
// implementations; apart those with a planted mistake, each of which must fail a
// law; and what was found on the authors' code, which judges that code and nothing
// here, so that the only demand is that its run was whole.
func Implementations(recorded []runs.Conformance) ([]Result, error) {
	var right, wrong []Conformance
	var findings []Result
	for _, r := range recorded {
		c, err := ReadConformance(r.Name, r.Data)
		if err != nil {
			return nil, err
		}
		switch {
		case strings.HasPrefix(c.Subject, authors):
			findings = append(findings, c.recordedFindings())
		case strings.Contains(c.Subject, planted):
			c.Subject = strings.Replace(c.Subject, planted, " with planted mistake ", 1)
			wrong = append(wrong, c)
		default:
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
	faults.Table.ID, faults.Table.Title = "implementations-planted", "Implementations with a planted mistake"
	faults.Holds = true
	for _, c := range wrong {
		faults.Holds = faults.Holds && c.Counts.Failed > 0
	}
	faults.Table.Note("each has to fail")
	return append(append([]Result{summary}, findings...), faults, laws), nil
}

// recordedFindings is the findings of a recorded run with every law that fails.
func (c Conformance) recordedFindings() Result {
	t := c.findingsTable(len(c.Laws))
	t.ID += "-" + strings.ReplaceAll(c.Subject, " ", "-")
	t.Note(fmt.Sprintf("of %d laws %d hold, %d fail and %d are not tried; seed %d, %d draws of a cheap law",
		c.Counts.laws(), c.Counts.Passed, c.Counts.Failed, c.Counts.untested(), c.Seed, c.Draws))
	t.Note("golden/runs/conform has the smallest case of each; the head of props/conform/adapters/official.py says what was supplied")
	return Result{Holds: c.Unjudged == 0 && c.Counts.Error == 0, Table: t}
}

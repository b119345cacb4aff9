package claim

import (
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/reports/table"
)

// combine is the finding of a claim with several parts: it fails if any part
// does, holds if all do, and holds partly where some parts hold and the others
// were not run or not settled.
func combine(parts ...Finding) Finding {
	count := map[table.Verdict]int{} // only looked up
	var numbers []string
	var records []experiment.Record
	for _, p := range parts {
		count[p.Verdict]++
		numbers = append(numbers, p.Numbers)
		records = append(records, p.Records...)
	}
	f := Finding{Verdict: table.Undecided, Numbers: strings.Join(numbers, "; "), Records: records}
	switch {
	case count[table.Fails] > 0:
		f.Verdict = table.Fails
	case count[table.Holds] == len(parts):
		f.Verdict = table.Holds
	case count[table.Holds]+count[table.Partly] > 0:
		f.Verdict = table.Partly
	case count[table.NotRun] == len(parts):
		f.Verdict = table.NotRun
	}
	return f
}

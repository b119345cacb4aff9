package claim

import (
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/theory/verdict"
)

// combine is the finding of a claim with several parts: it fails if any part
// does, holds if all do, and holds partly where some parts hold and the others
// were not run or not settled.
func combine(parts ...Finding) (f Finding) {
	count := map[verdict.Verdict]int{} // only looked up
	var numbers []string
	var records []experiment.Record
	for _, p := range parts {
		count[p.Verdict]++
		numbers = append(numbers, p.Numbers)
		records = append(records, p.Records...)
	}
	f = Finding{Verdict: verdict.Undecided, Numbers: strings.Join(numbers, "; "), Records: records}
	defer func() { f.fromParts(parts) }()
	switch {
	case count[verdict.Fails] > 0:
		f.Verdict = verdict.Fails
	case count[verdict.Holds] == len(parts):
		f.Verdict = verdict.Holds
	case count[verdict.Holds]+count[verdict.Partly] > 0:
		f.Verdict = verdict.Partly
	case count[verdict.NotRun] == len(parts):
		f.Verdict = verdict.NotRun
	}
	return f
}

// fromParts takes the words of the part that decides, and without any of the first.
func (f *Finding) fromParts(parts []Finding) {
	for _, p := range parts {
		if f.Short == "" || p.Verdict == f.Verdict && p.Short != "" {
			f.Short = p.Short
		}
		if p.Verdict == f.Verdict && p.Short != "" {
			break
		}
	}
	if f.Verdict != verdict.Partly && f.Verdict != verdict.Undecided {
		return
	}
	for _, p := range parts {
		switch {
		case f.Why == "" && p.Why != "":
			f.Why = p.Why
		case f.Why == "" && p.Verdict == verdict.NotRun:
			f.Why = "a part was not run"
		}
	}
}

package claim

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/reports/evidence"
	"causalgrad/reports/words"
	"causalgrad/theory/verdict"
)

// judgeDeterminism judges the determinism matrix, and the records that have a
// golden run of their spec.
func judgeDeterminism(e Evidence) Finding {
	var parts []Finding
	for _, f := range []Finding{judgeBits(e), judgeGoldenRuns(e)} {
		if f.Verdict != verdict.NotRun {
			parts = append(parts, f)
		}
	}
	if len(parts) == 0 {
		return notRun("fingerprints and records of golden runs")
	}
	return combine(parts...)
}

// judgeBits counts the matrix. Runs that were compared with an older golden
// fingerprint say nothing about this program.
func judgeBits(e Evidence) Finding {
	var bits evidence.Bits
	if e.Determinism != nil {
		bits = e.Determinism.Bits()
	}
	of := bits.Equal + bits.Differ + bits.Stale
	if of == 0 {
		return notRun("fingerprints")
	}
	var systems, kernels []string
	most := 0
	for _, b := range e.Determinism.Builds {
		if !slices.Contains(systems, b.Build.System) {
			systems = append(systems, b.Build.System)
		}
		for _, r := range b.Runs {
			most = max(most, r.Workers)
			if !slices.Contains(kernels, r.Kernel) {
				kernels = append(kernels, r.Kernel)
			}
		}
	}
	f := decide(bits.Differ == 0, "%d of %d runs of %s (%s; kernels %s; up to %s) have the golden bits", bits.Equal, of,
		words.Counted(len(e.Determinism.Builds), "build"), strings.Join(systems, ", "), strings.Join(kernels, ", "), words.Counted(most, "worker")).short("%d of %d runs bit for bit", bits.Equal, of)
	if bits.Stale > 0 {
		f.Numbers += fmt.Sprintf("; %d were compared with those of an older program", bits.Stale)
		if f.Verdict == verdict.Holds {
			f.Verdict, f.Why = verdict.Partly, "runs of an older program"
		}
	}
	return f
}

// judgeGoldenRuns compares the records that have a golden run of their spec.
func judgeGoldenRuns(e Evidence) Finding {
	var compared []experiment.Record
	var differ []string
	for _, r := range e.Records {
		golden, err := runs.Golden(r.Spec.ID)
		if err != nil || !sameSpec(golden.Spec, r.Spec) {
			continue // there is no golden run of it
		}
		compared = append(compared, r)
		want, errWant := runs.Encode(golden)
		got, errGot := runs.Encode(r)
		if errWant != nil || errGot != nil || string(want) != string(got) {
			differ = append(differ, r.Spec.ID)
		}
	}
	if len(compared) == 0 {
		return notRun("records of golden runs")
	}
	f := decide(len(differ) == 0, "%d of %d training runs equal their golden runs bit for bit, trained parameters included", len(compared)-len(differ), len(compared)).short("%d of %d runs bit for bit", len(compared)-len(differ), len(compared))
	f.Records = compared
	if len(differ) > 0 {
		f.Numbers += "; different: " + strings.Join(differ, ", ")
	}
	return f
}

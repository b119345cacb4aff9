package claim

import (
	"fmt"
	"strings"

	"causalgrad/golden/reference"
	"causalgrad/reports/words"
	"causalgrad/theory/verdict"
)

// agreement judges the files whose name starts so; without prefixes, all. Known
// deviations of the official code are not judged.
func agreement(e Evidence, prefixes ...string) Finding {
	if len(e.Agreement) == 0 {
		return notRun("comparison with the official values")
	}
	files, values, failing, worst := map[string]bool{}, 0, []string(nil), 0.0
	for _, t := range e.Agreement.Tiers() {
		if t.Tier == reference.Information || !hasPrefix(t.File, prefixes) {
			continue
		}
		files[t.File] = true
		values += t.Values
		if t.Tier == reference.Rounding {
			worst = max(worst, t.Worst.MaxRel)
		}
		if !t.Pass {
			failing = append(failing, fmt.Sprintf("%s (%s)", t.File, t.Tier))
		}
	}
	switch {
	case len(files) == 0:
		return notRun("official values of " + strings.Join(prefixes, ", "))
	case len(failing) > 0:
		return Finding{Verdict: verdict.Fails, Numbers: "disagreement in " + strings.Join(failing, ", ")}
	}
	return decide(true, "%d official values in %s agree, largest relative error of the same formula %.2g", values, words.Counted(len(files), "file"), worst).short("largest relative error %.2g", worst)
}

func hasPrefix(file string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(file, p) {
			return true
		}
	}
	return len(prefixes) == 0
}

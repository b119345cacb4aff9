package claim

import (
	"fmt"
	"strings"

	"causalgrad/reports/table"
)

// agreement judges the rows of the agreement table whose file name starts so;
// without prefixes, all. Known deviations of the official code are not judged.
func agreement(e Evidence, prefixes ...string) Finding {
	g, ok := e.grid("agreement")
	if !ok {
		return notRun("comparison with the official values")
	}
	files, values, failing, worst := map[string]bool{}, 0.0, []string(nil), 0.0
	for _, row := range g.Rows {
		file, verdict := g.text(row, "file"), g.text(row, "verdict")
		if verdict == "known" || !hasPrefix(file, prefixes) {
			continue
		}
		n, _ := g.value(row, "values")
		files[file] = true
		values += n
		if g.text(row, "comparison") == "rounding" {
			largest, _ := g.value(row, "largest relative error")
			worst = max(worst, largest)
		}
		if verdict != string(table.Pass) {
			failing = append(failing, fmt.Sprintf("%s (%s)", file, g.text(row, "comparison")))
		}
	}
	switch {
	case len(files) == 0:
		return notRun("official values of " + strings.Join(prefixes, ", "))
	case len(failing) > 0:
		return Finding{Verdict: table.Fails, Numbers: "disagreement in " + strings.Join(failing, ", ")}
	}
	return decide(true, "%.0f official values in %s agree, largest relative error of the same formula %.2g", values, plural(len(files), "file"), worst)
}

func hasPrefix(file string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(file, p) {
			return true
		}
	}
	return len(prefixes) == 0
}

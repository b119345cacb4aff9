package claim

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"causalgrad/golden/stat"
	"causalgrad/reports/evidence"
	"causalgrad/theory/verdict"
)

// judgeSpeed judges every measured configuration.
func judgeSpeed(e Evidence) Finding {
	if len(e.Speed) == 0 {
		return notRun("a measurement beside the official code")
	}
	all, least := true, math.Inf(1)
	var words []string
	for _, s := range e.Speed {
		all, least = all && s.OnTarget(), min(least, s.CPU.Times, s.Wall.Times)
		words = append(words, fmt.Sprintf("%.0f times as fast in processor time and %.0f on the clock (%s)", s.CPU.Times, s.Wall.Times, s.Configuration))
	}
	f := decide(all, "%s", strings.Join(words, "; ")).short("at least %.0f times as fast", least)
	if f.Verdict == verdict.Holds && len(e.Speed) < evidence.OfficialConfigurations {
		f.Verdict, f.Why = verdict.Partly, fmt.Sprintf("%d of %d configurations were measured", len(e.Speed), evidence.OfficialConfigurations)
	}
	return f
}

// judgeOfficialTraining fails where one graph, or all together, differ by more than the
// margin; it holds where every graph is equivalent with all its seeds, and partly where
// all graphs together are, at every number of steps that has all its seeds.
func judgeOfficialTraining(e Evidence) Finding {
	if !slices.ContainsFunc(e.Official, func(t evidence.OfficialTest) bool { return t.Test != nil }) {
		return notRun("two trainings of the official code on one graph")
	}
	words, f := map[int][]string{}, Finding{Verdict: verdict.Holds} // words by steps: only looked up
	undecided, few, settled, largest := 0, 0, 0, 0.0                // settled: all graphs together, with all their seeds
	for _, t := range e.Official {
		pooled := t.Graph == evidence.AllGraphs
		switch {
		case t.Test != nil && t.Test.Verdict == stat.Different:
			return Finding{Verdict: verdict.Fails, Numbers: fmt.Sprintf("%s after %d steps on %s: %s", t.Quantity, t.Steps, t.Graph, t.Test)}
		case t.Test == nil || !t.Whole:
			few++
		case t.Test.Verdict == stat.Undecided:
			undecided++
		}
		if pooled && t.Test != nil {
			if t.Quantity == evidence.OfficialLoss {
				largest = max(largest, math.Abs(t.Test.Diff))
				f.Short = fmt.Sprintf("loss differs by %.4f nats at most", largest)
			}
			words[t.Steps] = append(words[t.Steps], fmt.Sprintf("%s %+.4f [%.4f, %.4f]", t.Quantity, t.Test.Diff, t.Test.Interval.Lo, t.Test.Interval.Hi)+warned(t.Test.Warnings))
			switch {
			case t.Whole && t.Test.Verdict == stat.Equivalent:
				settled++
			case t.Whole:
				f.Verdict = verdict.Undecided
			}
		}
	}
	var numbers []string
	for _, steps := range evidence.OfficialSteps {
		if len(words[steps]) > 0 {
			numbers = append(numbers, fmt.Sprintf("after %d steps over all graphs, ours minus official: %s", steps, strings.Join(words[steps], ", ")))
		}
	}
	if settled == 0 {
		f.Verdict = verdict.Undecided
	}
	f.Numbers = strings.Join(numbers, "; ")
	var open []string
	if undecided > 0 {
		open = append(open, fmt.Sprintf("%d of %d tests undecided with %d seeds a graph", undecided, len(e.Official), evidence.OfficialSeeds))
	}
	if few > 0 {
		open = append(open, fmt.Sprintf("%d of %d tests with fewer than %d seeds a graph, or none for so many steps", few, len(e.Official), evidence.OfficialSeeds))
	}
	if f.Why = strings.Join(open, "; "); f.Why != "" {
		f.Numbers += "; " + f.Why
		if f.Verdict == verdict.Holds {
			f.Verdict = verdict.Partly
		}
	}
	return f
}

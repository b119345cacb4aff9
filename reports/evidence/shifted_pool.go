package evidence

import (
	"fmt"
	"math"
	"regexp"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
)

// shownRuns is how many runs the out-of-distribution tables list one by one;
// of more, those of one experiment are pooled.
const shownRuns = 12

// shiftedRow is a run's, or a group of runs', outcome on one test prior.
type shiftedRow struct {
	name   string
	losses measure.Losses
}

// numbered is the number of a forest at the end of an experiment's id.
var numbered = regexp.MustCompile(`-\d+$`)

// shiftedRows lists the rows of the out-of-distribution tables, and whether
// runs were pooled.
func shiftedRows(records []experiment.Record) (rows []shiftedRow, pooled bool) {
	if len(records) <= shownRuns {
		for _, r := range records {
			for _, l := range r.Shifted {
				rows = append(rows, shiftedRow{runName(r, records), l})
			}
		}
		return rows, false
	}
	type key struct {
		group string
		steps int // shorter runs are other experiments
		prior string
	}
	var order []key
	runs := map[key][]measure.Losses{} // looked up in order
	lengths := map[string]int{}        // of a group's first run; -1 where others differ
	for _, r := range records {
		group := numbered.ReplaceAllString(r.Spec.ID, "")
		if known, ok := lengths[group]; ok && known != r.Spec.Steps {
			lengths[group] = -1
		} else if !ok {
			lengths[group] = r.Spec.Steps
		}
		for _, l := range r.Shifted {
			k := key{group, r.Spec.Steps, l.Prior}
			if runs[k] == nil {
				order = append(order, k)
			}
			runs[k] = append(runs[k], l)
		}
	}
	for _, k := range order {
		name := k.group
		if lengths[k.group] < 0 {
			name += fmt.Sprintf(", %d steps", k.steps)
		}
		if n := len(runs[k]); n > 1 {
			name += fmt.Sprintf(", %d runs", n)
		}
		rows = append(rows, shiftedRow{name, pool(runs[k])})
	}
	return rows, true
}

// pool is the mean over runs, with the standard error over runs; of one run it
// is the run itself.
func pool(runs []measure.Losses) measure.Losses {
	if len(runs) == 1 {
		return runs[0]
	}
	l := measure.Losses{Prior: runs[0].Prior}
	for _, field := range []func(*measure.Losses) *measure.Mean{
		func(l *measure.Losses) *measure.Mean { return &l.Loss },
		func(l *measure.Losses) *measure.Mean { return &l.Count },
		func(l *measure.Losses) *measure.Mean { return &l.TrainingCount },
		func(l *measure.Losses) *measure.Mean { return &l.Irreducible },
		func(l *measure.Losses) *measure.Mean { return &l.OverCount },
		func(l *measure.Losses) *measure.Mean { return &l.OverTraining },
		func(l *measure.Losses) *measure.Mean { return &l.SupError },
		func(l *measure.Losses) *measure.Mean { return &l.CountSup },
		func(l *measure.Losses) *measure.Mean { return &l.Calibration },
		func(l *measure.Losses) *measure.Mean { return &l.CountCalibration },
	} {
		n := float64(len(runs))
		mean, squares := 0.0, 0.0
		for i := range runs {
			mean += field(&runs[i]).Value / n
		}
		for i := range runs {
			d := field(&runs[i]).Value - mean
			squares += float64(d * d)
		}
		*field(&l) = measure.Mean{Value: mean, StdErr: math.Sqrt(squares / (n - 1) / n)}
	}
	return l
}

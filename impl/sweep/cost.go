package sweep

import (
	"context"
	"math"
	"time"

	"causalgrad/impl/experiment"
)

// What EstimateCost times: short runs of two lengths, whose difference is the steps',
// and of two tests, whose difference is the sequences'. Each is the fastest of a few, and
// the longer one takes four times as many steps until they last long enough: other work
// on the machine is not to decide.
const (
	fewSteps      = 1
	moreSteps     = 5
	mostSteps     = 1 << 12
	enough        = 0.2 // seconds
	repetitions   = 3
	fewSequences  = 256
	moreSequences = 1 << 12
)

// worthTelling is the work of some ten seconds (experiment.Spec.Work): a sweep of less
// is over before its cost would be known.
const worthTelling = 3e10

// WorthTelling reports whether the specs take so long that somebody asks how long.
func WorthTelling(specs []experiment.Spec) bool {
	work := 0.0
	for _, s := range specs {
		work += s.Work()
	}
	return work >= worthTelling
}

// EstimateCost estimates the seconds of one processor that training and measuring specs,
// at least one, takes from short runs of the largest cell on this machine. The others
// count by their estimated work (experiment.Spec.Work) and their tests.
func EstimateCost(ctx context.Context, specs []experiment.Spec, now func() time.Time) (float64, error) {
	largest, work := specs[0], 0.0
	for _, s := range specs {
		work += s.Work()
		if s.Work() > largest.Work() {
			largest = s
		}
	}
	timed := func(steps, sequences int) (seconds float64, _ error) {
		s := largest
		s.Steps, s.TestSequences, s.InitialWeights = steps, sequences, ""
		seconds = math.Inf(1)
		for range repetitions {
			start := now()
			if _, _, err := experiment.Run(ctx, s, experiment.Options{Workers: 1}); err != nil {
				return 0, err
			}
			seconds = min(seconds, now().Sub(start).Seconds())
		}
		return seconds, nil
	}
	few, more := min(largest.TestSequences, fewSequences), min(largest.TestSequences, moreSequences)
	short, err := timed(fewSteps, few)
	if err != nil {
		return 0, err
	}
	sequence := 0.0
	if more > few {
		tested, err := timed(fewSteps, more)
		if err != nil {
			return 0, err
		}
		sequence = max(0, tested-short) / float64(more-few)
	}
	step := 0.0
	for n, spent := moreSteps, 0.0; spent < enough && n <= mostSteps; n *= 4 {
		long, err := timed(n, few)
		if err != nil {
			return 0, err
		}
		spent = max(0, long-short)
		step = spent / float64(n-fewSteps)
	}
	seconds := float64(step * float64(largest.Steps) * work / largest.Work())
	for _, s := range specs {
		seconds += short + float64(sequence*float64(max(0, s.TestSequences-few)))
	}
	return seconds, nil
}

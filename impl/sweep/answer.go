package sweep

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// jobID is a job of Slurm: its number and, where sbatch named one, its cluster.
type jobID struct{ number, cluster string }

// The forms of sbatch's answer: with --parsable, and that of a wrapper which
// drops the option.
var (
	parsableAnswer = regexp.MustCompile(`^([0-9]+)(?:;([A-Za-z0-9_.-]+))?$`)
	wordyAnswer    = regexp.MustCompile(`^Submitted batch job ([0-9]+)(?: on cluster ([A-Za-z0-9_.-]+))?$`)
)

// parseAnswer finds the job in what sbatch printed: the last line of the form
// NUMBER[;CLUSTER], whatever greetings and warnings stand around it.
func parseAnswer(text string) (id jobID, found bool) {
	for _, form := range []*regexp.Regexp{wordyAnswer, parsableAnswer} { // the second one wins
		for line := range strings.Lines(text) {
			if m := form.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				id, found = jobID{m[1], m[2]}, true
			}
		}
	}
	return id, found
}

// errUnknownJob says that sbatch may have submitted a job whose number is not
// known.
var errUnknownJob = errors.New("a job may be in the queue")

// submitted runs sbatch and tells what came of it: a job, none (an error) or
// nobody knows (errUnknownJob), which a time-out leaves open too.
func (run Scheduler) submitted(ctx context.Context, words []string) (jobID, error) {
	answer, err := run(ctx, words...)
	switch {
	case err != nil && (ctx.Err() != nil || strings.Contains(strings.ToLower(err.Error()), "timed out")):
		return jobID{}, fmt.Errorf("%w: %w", err, errUnknownJob)
	case err != nil && arrayLimit.MatchString(err.Error()):
		return jobID{}, fmt.Errorf("%w (--chunk N puts more cells into a task, so that there are fewer tasks)", err)
	case err != nil:
		return jobID{}, err
	}
	id, found := parseAnswer(answer)
	if !found {
		return jobID{}, fmt.Errorf("sbatch answered %q, without a line NUMBER or NUMBER;CLUSTER: %w", strings.TrimSpace(answer), errUnknownJob)
	}
	return id, nil
}

// arrayLimit is in the complaints of a Slurm whose job arrays may not be so
// large.
var arrayLimit = regexp.MustCompile(`(?i)invalid job array|MaxArraySize|submit ?job ?limit|job submit limit|MaxSubmit`)

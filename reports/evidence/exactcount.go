package evidence

import (
	"fmt"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/theory/count"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// mostExactCount bounds the operations of an exact loss of the count estimator, some
// seconds: T^2 S^3 (S+1) a chain.
const mostExactCount = 2e9

// exactCountNote says which numbers of a table are exact.
const exactCountNote = "count estimator: exact, without an error, where the graph is a forest and the prior a finite list of chains; elsewhere over the sampled sequences, of which many cost less than one exact chain; differences are always of the same sequences, and so have the smaller error"

// WithExactCounts replaces the sampled losses of the count estimator by the exact
// ones (theory/README.md, section 10) where a record's graph is a forest and its
// prior finite. The paired differences stay.
func WithExactCounts(records []experiment.Record) ([]experiment.Record, error) {
	known := map[string]measure.Mean{} // only looked up
	all := append([]experiment.Record(nil), records...)
	for i := range all {
		r := &all[i]
		r.Shifted = append([]measure.Losses(nil), r.Shifted...)
		losses := []*measure.Losses{&r.Final}
		for n := range r.Shifted {
			losses = append(losses, &r.Shifted[n])
		}
		for _, l := range losses {
			for _, c := range []struct {
				alpha float64
				mean  *measure.Mean
			}{{l.Alpha, &l.Count}, {l.TrainingAlpha, &l.TrainingCount}} {
				key := fmt.Sprint(r.Spec.Graph, r.Spec.Length, r.Spec.Seed, l.Prior, c.alpha)
				if exact, ok := known[key]; ok {
					*c.mean = exact
					continue
				}
				exact, ok, err := exactCount(r.Spec, l.Prior, c.alpha)
				if err != nil {
					return nil, fmt.Errorf("run %q: %w", r.Spec.ID, err)
				}
				if ok {
					*c.mean, known[key] = exact, exact
				}
			}
		}
	}
	return all, nil
}

// exactCount is the exact loss on a spec's graph and a prior of its tests, and
// whether there is one within mostExactCount. Records of tables that were put
// together by hand have no prior or pseudo-count, and no exact loss.
func exactCount(s experiment.Spec, prior string, alpha float64) (measure.Mean, bool, error) {
	s.Prior, _, _ = strings.Cut(prior, ", roots ")
	if kind, _, _ := strings.Cut(strings.TrimSpace(s.Prior), ":"); alpha <= 0 || kind != "point" && kind != "orbit" && !strings.HasPrefix(kind, "@") {
		return measure.Mean{}, false, nil
	}
	t, err := s.Task()
	if err != nil {
		return measure.Mean{}, false, err
	}
	f, forest := t.Graph().(graph.Forest)
	finite, ok := t.Prior().(markov.Finite)
	if !forest || !ok {
		return measure.Mean{}, false, nil
	}
	length, tokens := float64(f.SequenceLength()), float64(t.Tokens())
	if float64(len(finite.Support()))*length*length*tokens*tokens*tokens*(tokens+1) > mostExactCount {
		return measure.Mean{}, false, nil
	}
	l, err := count.Average(f, finite, alpha, count.Options{})
	return measure.Mean{Value: l.Count.Value}, err == nil, err
}

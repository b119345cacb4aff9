package runs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"causalgrad/impl/experiment"

	"gonum.org/v1/gonum/stat"
)

// RunDifference is one golden run that does not come out as it was.
type RunDifference struct {
	ID          string
	Seed        uint64
	Steps       int
	Differences []Difference
}

// CompareDefault compares new records with golden ones of the same spec, bit
// for bit in their summaries, in the order of golden. Unlike [Compare] it
// measures a difference in units of the standard deviation over the golden
// seeds of the run's experiment, which is the standard error of one run as an
// estimate of the experiment's outcome. An experiment with one golden seed has
// no such unit: its differences are in the record's own standard errors over
// test sequences, where it has them. missing names golden runs without a new
// record and new records without a golden run.
func CompareDefault(golden, now []experiment.Record) (changed []RunDifference, missing []string, err error) {
	groups := map[string][]Summary{} // only looked up
	for _, r := range golden {
		groups[groupKey(r.Spec)] = append(groups[groupKey(r.Spec)], Summarise(r))
	}
	goldenHashes, err := hashes(golden)
	if err != nil {
		return nil, nil, err
	}
	nowHashes, err := hashes(now)
	if err != nil {
		return nil, nil, err
	}
	for k, old := range golden {
		i := slices.Index(nowHashes, goldenHashes[k])
		if i < 0 {
			missing = append(missing, fmt.Sprintf("%s, seed %d: no new record", old.Spec.ID, old.Spec.Seed))
			continue
		}
		differences, err := compareSummaries(Summarise(old), Summarise(now[i]), groups[groupKey(old.Spec)])
		if err != nil {
			return nil, nil, fmt.Errorf("%s, seed %d: %w", old.Spec.ID, old.Spec.Seed, err)
		}
		if len(differences) > 0 {
			changed = append(changed, RunDifference{old.Spec.ID, old.Spec.Seed, old.Spec.Steps, differences})
		}
	}
	for i, r := range now {
		if !slices.Contains(goldenHashes, nowHashes[i]) {
			missing = append(missing, fmt.Sprintf("%s, seed %d: no golden run", r.Spec.ID, r.Spec.Seed))
		}
	}
	return changed, missing, nil
}

// groupKey is what the seeds of one experiment have in common.
func groupKey(s experiment.Spec) string { return fmt.Sprintf("%s/%d", s.ID, s.Steps) }

// hashes are those of the records' specs.
func hashes(records []experiment.Record) ([]string, error) {
	all := make([]string, len(records))
	for i, r := range records {
		var err error
		if all[i], err = r.Spec.Hash(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// compareSummaries lists the differences of two summaries in units of the
// spread over the golden seeds.
func compareSummaries(golden, now Summary, seeds []Summary) ([]Difference, error) {
	a, err := json.Marshal(golden)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(now)
	if err != nil {
		return nil, err
	}
	differences, err := Compare(a, b)
	if err != nil || len(differences) == 0 {
		return nil, err
	}
	deviations, err := seedDeviations(seeds)
	if err != nil {
		return nil, err
	}
	for i, d := range differences {
		x, errX := strconv.ParseFloat(d.Golden, 64)
		y, errY := strconv.ParseFloat(d.Now, 64)
		if sd, ok := deviations[d.Path]; ok && errX == nil && errY == nil {
			differences[i].StandardErrs = (y - x) / sd
		}
	}
	return differences, nil
}

// seedDeviations is the standard deviation over seeds (divisor n-1) of each
// number of the summaries of one experiment, by its path, where it has one.
func seedDeviations(seeds []Summary) (map[string]float64, error) {
	values := map[string][]float64{}
	for _, s := range seeds {
		data, err := json.Marshal(s)
		if err != nil {
			return nil, err
		}
		v, err := decode(data)
		if err != nil {
			return nil, err
		}
		eachNumber("", v, func(path string, x float64) { values[path] = append(values[path], x) })
	}
	deviations := map[string]float64{}
	for path, x := range values {
		if len(x) < 2 || len(x) != len(seeds) {
			continue
		}
		if sd := stat.StdDev(x, nil); sd > 0 {
			deviations[path] = sd
		}
	}
	return deviations, nil
}

// eachNumber visits the numbers of a decoded JSON value, with the paths of Compare.
func eachNumber(path string, v any, visit func(path string, x float64)) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			eachNumber(joined(path, name), member, visit)
		}
	case []any:
		for i, member := range v {
			eachNumber(fmt.Sprintf("%s[%d]", path, i), member, visit)
		}
	case json.Number:
		if x, err := v.Float64(); err == nil {
			visit(path, x)
		}
	}
}

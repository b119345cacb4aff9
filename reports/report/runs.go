package report

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/impl/jsonfile"
	"causalgrad/theory/ndarray"

	"codeberg.org/sbinet/npyio"
)

// Run is a training run's record with its trained parameters.
type Run struct {
	Record experiment.Record
	Params []float64 // nil where they were not kept
}

// recordsFolder is where a report keeps its runs, as a record store does: the
// record by its spec's id and hash, the parameters below weights.
const recordsFolder = "records"

// hashDigits of the spec's hash are in the file names, as in a record store.
const hashDigits = 12

// name is the run's file name without its ending.
func (r Run) name() (string, error) {
	hash, err := r.Record.Spec.Hash()
	if err != nil {
		return "", err
	}
	return r.Record.Spec.ID + "-" + hash[:hashDigits], nil
}

// Train runs the specs anew, as many at once as o allows.
func Train(ctx context.Context, specs []experiment.Spec, o experiment.Parallel) ([]Run, error) {
	all := make([]Run, len(specs))
	o.Trained = func(i int, params []float64) { all[i].Params = params }
	records, err := experiment.RunAll(ctx, nil, specs, o)
	if err != nil {
		return nil, err
	}
	for i, r := range records {
		all[i].Record = r
	}
	return all, nil
}

// LoadRuns reads every record of the folders, by experiment, steps and seed,
// with the parameters that lie below weights. Records of a store and golden records
// (plain JSON) are read; anything else that ends in .json is an error, and so are
// a folder without any and two records of one spec in it. A spec that another
// folder has too counts once, and its records must agree.
func LoadRuns(folders ...string) ([]Run, error) {
	var all []Run
	first := map[string]located{} // by the hash of the spec; only looked up
	for _, folder := range folders {
		found, err := loadFolder(folder)
		if err != nil {
			return nil, err
		}
		for _, l := range found {
			other, known := first[l.hash]
			switch {
			case !known:
				first[l.hash], all = l, append(all, l.run)
			case filepath.Dir(other.name) == filepath.Dir(l.name):
				return nil, fmt.Errorf("record %s: has the spec of %s, %q: want one record of a spec", l.name, other.name, l.run.Record.Spec.ID)
			case !reflect.DeepEqual(other.run.Record.Canonical(), l.run.Record.Canonical()):
				return nil, fmt.Errorf("record %s: has the spec of %s and other results", l.name, other.name)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Run) int {
		x, y := a.Record.Spec, b.Record.Spec
		return cmp.Or(strings.Compare(x.ID, y.ID), cmp.Compare(x.Steps, y.Steps), cmp.Compare(x.Seed, y.Seed))
	})
	return all, nil
}

// located is a run with its record's file and its spec's hash.
type located struct {
	run        Run
	name, hash string
}

func loadFolder(folder string) ([]located, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("records %s: %w", folder, reason(err))
	}
	var all []located
	for _, e := range entries {
		if e.IsDir() || path.Ext(e.Name()) != ".json" {
			continue
		}
		name := filepath.Join(folder, e.Name())
		r, err := loadRun(name, filepath.Join(folder, "weights", strings.TrimSuffix(e.Name(), ".json")+".npy"))
		if err != nil {
			return nil, err
		}
		hash, err := r.Record.Spec.Hash()
		if err != nil {
			return nil, err
		}
		all = append(all, located{r, name, hash})
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("records %s: no record (.json) in it", folder)
	}
	return all, nil
}

func loadRun(record, weights string) (Run, error) {
	data, err := os.ReadFile(record)
	if err != nil {
		return Run{}, fmt.Errorf("record %s: %w", record, reason(err))
	}
	var r Run
	if r.Record, err = decode(data); err != nil {
		return Run{}, fmt.Errorf("record %s: %w", record, err)
	}
	if err := r.Record.Spec.Validate(); err != nil {
		return Run{}, fmt.Errorf("record %s: %w", record, err)
	}
	data, err = os.ReadFile(weights)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return r, nil
	case err != nil:
		return Run{}, fmt.Errorf("weights %s: %w", weights, reason(err))
	}
	array, err := ndarray.ReadNPY(data)
	if err != nil {
		return Run{}, fmt.Errorf("weights %s: %w", weights, err)
	}
	r.Params = array.Data
	if got := experiment.HashParams(r.Params); got != r.Record.WeightsHash {
		return Run{}, fmt.Errorf("weights %s: SHA-256 %.12s, but the record says %.12s", weights, got, r.Record.WeightsHash)
	}
	return r, nil
}

// decode reads a record of a store, or one without a checksum: a golden one, or what
// train --format json printed, with its answer.
func decode(data []byte) (experiment.Record, error) {
	r, err := experiment.DecodeRecord(data)
	if err == nil {
		return r, nil
	}
	var plain struct {
		experiment.Record
		Answer string   `json:"answer"`
		Advice []string `json:"advice"`
	}
	if reason := jsonfile.DecodeStrict(data, &plain); reason != nil || plain.Schema != experiment.Schema {
		if errors.Is(err, experiment.ErrForeign) && reason != nil && bytes.Contains(data, []byte(experiment.Schema)) { // it was to be one
			err = fmt.Errorf("not a record: %w", reason)
		}
		return experiment.Record{}, err
	}
	return plain.Record, nil
}

// files are the run's files below the report's folder.
func (r Run) files() ([]file, error) {
	name, err := r.name()
	if err != nil {
		return nil, err
	}
	data, err := experiment.EncodeRecord(r.Record)
	if err != nil {
		return nil, err
	}
	all := []file{{path.Join(recordsFolder, name+".json"), data}}
	if r.Params != nil {
		var buffer bytes.Buffer
		if err := npyio.Write(&buffer, r.Params); err != nil {
			return nil, fmt.Errorf("weights of %q: %w", r.Record.Spec.ID, err)
		}
		all = append(all, file{path.Join(recordsFolder, "weights", name+".npy"), buffer.Bytes()})
	}
	return all, nil
}

// reason is what went wrong with a file, without its name.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// recordOf is an empty record of a spec.
func recordOf(s experiment.Spec) experiment.Record { return experiment.Record{Spec: s} }

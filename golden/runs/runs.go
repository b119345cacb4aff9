// Package runs keeps the golden runs: training records of which every bit is
// fixed, because a run is a function of its spec on every machine. A changed
// bit is a changed program.
//
// It compares and explains differences; it never decides that one is small
// enough. The files change only through `make golden`.
package runs

import (
	"embed"
	"fmt"
	"io/fs"
	"path"

	"causalgrad/golden/reference"
	"causalgrad/impl/experiment"
	"causalgrad/impl/jsonfile"
)

// QuickSteps is the number of steps of the quick runs; the published runs of
// many-graphs took 16384, most of the official ones kept in golden/reference 4096.
const QuickSteps = 2048

// quickForests is how many published forests the quick runs train on.
const quickForests = 4

//go:embed quick/*.json builds/*.json conform/*.json official/*.json
var files embed.FS

// FS holds the golden runs and the recorded builds, conformance runs and comparison with the official code as they were written, for hashing.
func FS() fs.FS { return files }

// Quick lists the specs of the quick runs: chain, icl and the first published
// forests of many-graphs, S = 3, T = 20.
func Quick() ([]experiment.Spec, error) {
	published, err := reference.ManyGraphs()
	if err != nil {
		return nil, err
	}
	var forests [][]int
	for _, trial := range published.Trials[:quickForests] {
		forests = append(forests, trial.Forest.Parents())
	}
	return experiment.Quick(QuickSteps, forests), nil
}

// fileName is the golden file of a run, relative to this folder.
func fileName(id string) string { return path.Join("quick", id+".json") }

// Golden is the golden record of a quick run or of an experiment at its quick
// size.
func Golden(id string) (experiment.Record, error) {
	data, err := files.ReadFile(fileName(id))
	if err != nil {
		return experiment.Record{}, fmt.Errorf("golden run %q: %w", id, err)
	}
	var r experiment.Record
	if err := jsonfile.Decode(data, &r); err != nil {
		return experiment.Record{}, fmt.Errorf("golden run %q: %w", id, err)
	}
	return r, nil
}

// Encode is the file of a golden run: the canonical record, without wall time
// and machine. Floating-point numbers are written so that reading them gives
// the same bits.
func Encode(r experiment.Record) ([]byte, error) {
	data, err := jsonfile.EncodeIndent(r.Canonical())
	if err != nil {
		return nil, fmt.Errorf("golden run %q: %w", r.Spec.ID, err)
	}
	return append(data, '\n'), nil
}

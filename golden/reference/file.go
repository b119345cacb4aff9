package reference

import (
	"errors"
	"fmt"
	"strings"
)

// File is a reference file of one of the kinds of the package comment:
// *Vectors, *Runs, *Stationary, *Bayes, *ForestTable, *ForestRerun, *Trajectory, *Gradients or
// *Dynamics.
type File interface {
	// Name is the file's name or path, as given.
	Name() string
	// Kind is the kind in words.
	Kind() string
	// Ignored lists the fields, quoted, that the schema does not have.
	Ignored() []string

	check(o Options) ([]Row, error)
}

// origin is what all files have.
type origin struct {
	name, kind string
	ignored    []string
}

func (o origin) Name() string      { return o.name }
func (o origin) Kind() string      { return o.kind }
func (o origin) Ignored() []string { return o.ignored }

// kinds maps the field that tells a kind to its words and its loader, in the
// order of the package comment.
var kinds = []struct {
	field, words string
	load         func(node, origin) File
}{
	{"points", "outputs, losses and gradients at given parameters", loadVectors},
	{"runs", "optimiser steps", loadRuns},
	{"matrices", "stationary distributions", loadStationary},
	{"items", "count estimator", loadBayes},
	{"trials", "published forests", loadForestTable},
	{"trajectory", "official training run", loadTrajectory},
}

// Parse reads a file's content; name is for messages. Errors are one line that
// names the file, the field, its value and what was expected.
func Parse(name string, data []byte) (File, error) {
	r, top := newReader(name, data)
	if r.err != nil {
		return nil, r.err
	}
	file := load(top)
	if r.err != nil {
		return nil, r.err
	}
	return file, nil
}

func load(top node) File {
	o := origin{name: top.name, kind: "first-step gradients"}
	if entries, isList := top.value.([]any); isList {
		if len(entries) > 0 && top.entry(0, entries[0]).has("stage1") {
			o.kind = "gradients and stage 1"
			return loadDynamics(top, o)
		}
		return loadGradients(top, o)
	}
	var found []string
	chosen := -1
	for i, k := range kinds {
		if top.has(k.field) {
			found, chosen = append(found, k.field), i
		}
	}
	if len(found) != 1 {
		top.err = fmt.Errorf("file %s: %w", top.name, foreign(found))
		return nil
	}
	o.kind = kinds[chosen].words
	config, _ := top.value.(map[string]any)["config"].(map[string]any)
	if _, drawn := config["p_root"]; kinds[chosen].field == "trials" && len(config) > 0 && !drawn {
		o.kind = "published forests, the official code run again"
		return loadForestRerun(top, o)
	}
	return kinds[chosen].load(top, o)
}

// foreign says why a file is of no kind.
func foreign(found []string) error {
	if len(found) > 1 {
		return fmt.Errorf("has the fields %s, want one of them", strings.Join(found, " and "))
	}
	var fields []string
	for _, k := range kinds {
		fields = append(fields, k.field)
	}
	return errors.New("not a reference file: want an object with one of the fields " +
		strings.Join(fields, ", ") + " or a list of first-step gradients or of dynamics")
}

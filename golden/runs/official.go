package runs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"causalgrad/theory/graph"
)

// OfficialSchema names the format of the comparison's file and its version.
const OfficialSchema = "causalgrad/official/1"

// The codes that the comparison trains.
const (
	OfficialCode = "official"
	OwnCode      = "causalgrad"
)

// Official is the authors' code and this program side by side: the trainings of both
// on the same graphs, and the time of a step of both on one machine (make
// compare-official).
type Official struct {
	Schema        string            `json:"schema"`
	Commit        string            `json:"commit"`  // of the authors' repository
	Machine       string            `json:"machine"` // of Speed
	Versions      map[string]string `json:"versions"`
	TestSequences int               `json:"test_sequences"` // behind a loss
	Graphs        map[string][]int  `json:"graphs"`         // parents of the forests
	Runs          []OfficialRun     `json:"runs"`
	Speed         []OfficialBlock   `json:"speed"`
}

// OfficialRun is what a training ended with.
type OfficialRun struct {
	Graph string    `json:"graph"`
	Seed  uint64    `json:"seed"`
	Code  string    `json:"code"`
	Steps int       `json:"steps"`
	Loss  float64   `json:"loss"`  // the authors' own, on sequences of their sampler, the same for both
	Edges []float64 `json:"edges"` // weights of the positions' softmax on the parents, by child
}

// OfficialBlock is the time of some steps of one code; blocks of the two alternate.
type OfficialBlock struct {
	Configuration string  `json:"configuration"`
	Code          string  `json:"code"`
	Steps         int     `json:"steps"`
	CPU           float64 `json:"cpu_seconds"` // of all threads
	Wall          float64 `json:"wall_seconds"`
	Load          float64 `json:"load"` // processes that ran or waited, the minute's mean
}

// OfficialComparison is the recorded comparison.
func OfficialComparison() (Official, error) {
	data, err := files.ReadFile("official/official.json")
	if err != nil {
		return Official{}, fmt.Errorf("comparison with the official code: %w", err)
	}
	return ReadOfficial(data)
}

// ReadOfficial reads a comparison's file; one that contradicts itself is an error.
func ReadOfficial(data []byte) (Official, error) {
	var o Official
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o); err != nil {
		return o, fmt.Errorf("comparison with the official code: %w", err)
	}
	if o.Schema != OfficialSchema {
		return o, fmt.Errorf("comparison with the official code: schema %q, want %q", o.Schema, OfficialSchema)
	}
	for i, r := range o.Runs {
		if err := o.check(r, o.Runs[:i]); err != nil {
			return o, fmt.Errorf("comparison with the official code: runs[%d]: %w", i, err)
		}
	}
	for i, b := range o.Speed {
		if b.Code != OfficialCode && b.Code != OwnCode || b.Steps < 1 || !(b.CPU > 0 && b.Wall > 0) {
			return o, fmt.Errorf("comparison with the official code: speed[%d]: %d steps of %q in %v s and %v s of processors, want times of %s or %s above 0",
				i, b.Steps, b.Code, b.Wall, b.CPU, OfficialCode, OwnCode)
		}
	}
	return o, nil
}

func (o Official) check(r OfficialRun, before []OfficialRun) error {
	forest, err := graph.NewForest(o.Graphs[r.Graph])
	if err != nil {
		return fmt.Errorf("graph %q: %w", r.Graph, err)
	}
	if want := len(forest.Edges()); len(r.Edges) != want {
		return fmt.Errorf("%d weights, want one for each of the %d edges of %s", len(r.Edges), want, r.Graph)
	}
	if r.Code != OfficialCode && r.Code != OwnCode {
		return fmt.Errorf("code %q, want %s or %s", r.Code, OfficialCode, OwnCode)
	}
	if slices.ContainsFunc(before, func(b OfficialRun) bool { return b.id() == r.id() }) {
		return fmt.Errorf("%s: there twice", r.id())
	}
	return nil
}

func (r OfficialRun) id() string {
	return fmt.Sprintf("%s on %s, seed %d, %d steps", r.Code, r.Graph, r.Seed, r.Steps)
}

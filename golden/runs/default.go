package runs

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
)

//go:embed default
var defaultFiles embed.FS

// Default returns the golden records of the default size, in the order of
// their file names; none where the folder has none.
func Default() ([]experiment.Record, error) {
	folder, err := fs.Sub(defaultFiles, "default")
	if err != nil {
		return nil, err
	}
	return ReadRecords(folder)
}

// ReadRecords reads every record of a record store's folder, strictly: a .json
// file that is damaged or does not carry its spec's name is an error. Nothing
// else in the folder is looked at.
func ReadRecords(folder fs.FS) ([]experiment.Record, error) {
	names, err := fs.Glob(folder, "*.json") // sorted
	if err != nil {
		return nil, err
	}
	var records []experiment.Record
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		r, err := experiment.DecodeRecord(data)
		if err != nil {
			return nil, fmt.Errorf("golden run %s: %w", name, err)
		}
		hash, err := r.Spec.Hash()
		if err != nil {
			return nil, fmt.Errorf("golden run %s: %w", name, err)
		}
		if id, rest, ok := cutLast(strings.TrimSuffix(path.Base(name), ".json"), "-"); !ok || id != r.Spec.ID || rest == "" || !strings.HasPrefix(hash, rest) {
			return nil, fmt.Errorf("golden run %s: holds %s with hash %.12s", name, r.Spec.ID, hash)
		}
		records = append(records, r)
	}
	return records, nil
}

func cutLast(s, separator string) (before, after string, ok bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}

// Summary is what a golden run of the default size fixes bit for bit: the final
// and the out-of-distribution losses, the attention on the edges without the
// single weights, and the hash of the trained parameters, which fixes the rest.
type Summary struct {
	ID          string           `json:"id"`
	Seed        uint64           `json:"seed"`
	Steps       int              `json:"steps"`
	Final       measure.Losses   `json:"final"`
	Shifted     []measure.Losses `json:"ood"`
	Position    *EdgeSummary     `json:"position_block,omitempty"`
	Attention   EdgeSummary      `json:"attention"`
	WeightsHash string           `json:"weights_sha256"`
}

// EdgeSummary is the attention on the edges in one sense, over all of them.
type EdgeSummary struct {
	Mean     float64 `json:"mean"`
	Min      float64 `json:"min"`
	Accuracy float64 `json:"argmax_accuracy"`
}

// Summarise returns a record's summary.
func Summarise(r experiment.Record) Summary {
	s := Summary{ID: r.Spec.ID, Seed: r.Spec.Seed, Steps: r.Spec.Steps, Final: r.Final, Shifted: r.Shifted,
		Attention: summariseEdges(r.Edges.Attention), WeightsHash: r.WeightsHash}
	if r.Edges.PositionBlock != nil {
		own := summariseEdges(*r.Edges.PositionBlock)
		s.Position = &own
	}
	return s
}

func summariseEdges(e measure.Edges) EdgeSummary { return EdgeSummary{e.Mean, e.Min, e.Accuracy} }

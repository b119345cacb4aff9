package runs

import (
	"os"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
)

// Default returns the golden records of the default size, in the order of
// their file names; none where the folder has none.
func Default() ([]experiment.Record, error) { return ReadRecords(os.DirFS("default")) }

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

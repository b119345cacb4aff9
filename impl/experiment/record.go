package experiment

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"

	"causalgrad/impl/measure"
)

// Schema names the record's format and its version.
const Schema = "causalgrad/record/1"

// Record is what a training run leaves behind. Losses are in nats.
type Record struct {
	Schema      string           `json:"schema"`
	Spec        Spec             `json:"spec"`
	Final       measure.Losses   `json:"final"`
	Edges       EdgeReport       `json:"edges"`
	Shifted     []measure.Losses `json:"ood"`
	Curve       []CurvePoint     `json:"curve"`
	WeightsHash string           `json:"weights_sha256"` // of the little-endian float64 parameters
	Provenance  Provenance       `json:"provenance"`
}

// EdgeReport is the attention on the edges in both senses of theory.md
// section 7. PositionBlock is absent for models that have no such block.
// Accuracy is the share of edges whose row's argmax is the parent, of the
// position block where there is one.
type EdgeReport struct {
	PositionBlock *measure.Edges `json:"position_block,omitempty"`
	Attention     measure.Edges  `json:"attention"`
	Accuracy      float64        `json:"argmax_accuracy"`
}

// CurvePoint is the test loss after a number of steps, on the run's curve
// sequences (fewer than the final test's), and the mean position-block weight.
type CurvePoint struct {
	Step     int     `json:"step"`
	Loss     float64 `json:"loss"`
	EdgeMean float64 `json:"edge_mean"`
}

// Provenance is what the record does not owe to its spec.
type Provenance struct {
	WallSeconds float64 `json:"wall_seconds"`
	Go          string  `json:"go"`
	Machine     string  `json:"machine"` // operating system, architecture, processors
}

// Canonical is the record without what differs between machines: what goldens
// hold, bit for bit.
func (r Record) Canonical() Record {
	r.Provenance = Provenance{}
	return r
}

// HashParams is the SHA-256 of the parameters' bits, little-endian.
func HashParams(params []float64) string {
	h := sha256.New()
	var word [8]byte
	for _, v := range params {
		binary.LittleEndian.PutUint64(word[:], math.Float64bits(v))
		h.Write(word[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

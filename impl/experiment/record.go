package experiment

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"

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

// Diverged reports whether the final loss is above twice log S, the loss of the
// uniform prediction that every model starts from: training did not converge, and
// the record says nothing about what it would have learned.
func (r Record) Diverged() bool {
	return !(r.Final.Loss.Value <= 2*math.Log(float64(r.Spec.Tokens))) // NaN is worse
}

// EdgeReport is the attention on the edges in both senses of theory/README.md,
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
	WallSeconds float64 `json:"wall_seconds"` // training and measuring, over all processes that had a part
	Program     string  `json:"program"`      // version of this module, with the revision where the build knows it
	Go          string  `json:"go"`
	Machine     string  `json:"machine"` // operating system, architecture, processors
}

// provenance describes this program and this machine.
func provenance(seconds float64) Provenance {
	p := Provenance{WallSeconds: seconds, Program: "unknown", Go: runtime.Version(),
		Machine: fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}
	if info, ok := debug.ReadBuildInfo(); ok {
		p.Program = info.Main.Version
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				p.Program += " " + setting.Value
			}
			if setting.Key == "vcs.modified" && setting.Value == "true" {
				p.Program += " modified"
			}
		}
	}
	return p
}

// Canonical is the record without what differs between machines: what goldens
// hold, bit for bit.
func (r Record) Canonical() Record {
	r.Provenance = Provenance{}
	return r
}

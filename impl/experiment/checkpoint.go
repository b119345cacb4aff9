package experiment

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"

	"causalgrad/impl/durable"
)

// Checkpoint is all that the rest of a run depends on. A run continued from it
// ends in the same bits as one that was never interrupted: batches are keyed by
// seed and step, and the optimiser's memory is here.
type Checkpoint struct {
	Spec    string       // the spec's hash
	Step    int          // steps taken
	Seconds float64      // wall time spent on them
	Curve   []CurvePoint // the points before Step
	Params  []float64
	State   [][]float64 // the optimiser's memory, as optim.Optimizer.State
}

// checkpointMagic begins a checkpoint's bytes: the format and its version.
const checkpointMagic = "causalgrad/checkpoint/1\n"

// checkpointHeader is the second line of a checkpoint, as JSON.
type checkpointHeader struct {
	Spec    string       `json:"spec_sha256"`
	Step    int          `json:"step"`
	Seconds float64      `json:"seconds"`
	Curve   []CurvePoint `json:"curve"`
	Sizes   []int        `json:"sizes"` // of the parameters, then of each state vector
}

// encode returns a line of magic, a line of JSON, the numbers' bits
// (little-endian) and the SHA-256 of all that.
func (c Checkpoint) encode() ([]byte, error) {
	h := checkpointHeader{Spec: c.Spec, Step: c.Step, Seconds: c.Seconds, Curve: c.Curve, Sizes: []int{len(c.Params)}}
	for _, v := range c.State {
		h.Sizes = append(h.Sizes, len(v))
	}
	header, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("checkpoint at step %d: %w", c.Step, err)
	}
	data := append([]byte(checkpointMagic), append(header, '\n')...)
	data = appendFloats(data, c.Params)
	for _, v := range c.State {
		data = appendFloats(data, v)
	}
	sum := sha256.Sum256(data)
	return append(data, sum[:]...), nil
}

// decodeCheckpoint reads what encode wrote and refuses anything else: a
// truncated or changed file fails the checksum.
func decodeCheckpoint(data []byte) (Checkpoint, error) {
	body, ok := bytes.CutPrefix(data, []byte(checkpointMagic))
	if !ok {
		return Checkpoint{}, errors.New("not a checkpoint of this program")
	}
	end := len(data) - sha256.Size
	if end < len(checkpointMagic) || [sha256.Size]byte(data[end:]) != sha256.Sum256(data[:end]) {
		return Checkpoint{}, errors.New("damaged: the checksum does not match")
	}
	line, floats, _ := bytes.Cut(body[:len(body)-sha256.Size], []byte("\n"))
	var h checkpointHeader
	if err := json.Unmarshal(line, &h); err != nil {
		return Checkpoint{}, fmt.Errorf("header: %w", err)
	}
	c := Checkpoint{Spec: h.Spec, Step: h.Step, Seconds: h.Seconds, Curve: h.Curve}
	for i, size := range h.Sizes {
		if size < 0 || size > len(floats)/8 {
			return Checkpoint{}, fmt.Errorf("sizes[%d] = %d, want at most the %d numbers left", i, size, len(floats)/8)
		}
		values := make([]float64, size)
		for k := range values {
			values[k] = math.Float64frombits(binary.LittleEndian.Uint64(floats[8*k:]))
		}
		floats = floats[8*size:]
		if i == 0 {
			c.Params = values
		} else {
			c.State = append(c.State, values)
		}
	}
	if len(floats) > 0 {
		return Checkpoint{}, fmt.Errorf("%d bytes too many", len(floats))
	}
	return c, nil
}

// WriteCheckpoint writes a checkpoint's file whole or not at all.
func WriteCheckpoint(name string, c Checkpoint) error {
	data, err := c.encode()
	if err != nil {
		return err
	}
	return durable.WriteFile(name, data)
}

// ReadCheckpoint reads a checkpoint's file and refuses damaged and foreign ones.
func ReadCheckpoint(name string) (Checkpoint, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return Checkpoint{}, err
	}
	return decodeCheckpoint(data)
}

// checkpoint copies the run's state.
func (p *parts) checkpoint(step int, curve []CurvePoint, seconds float64) (Checkpoint, error) {
	hash, err := p.spec.Hash()
	if err != nil {
		return Checkpoint{}, err
	}
	c := Checkpoint{Spec: hash, Step: step, Seconds: seconds, Curve: append([]CurvePoint(nil), curve...),
		Params: append([]float64(nil), p.params...)}
	for _, v := range p.optimizer.State() {
		c.State = append(c.State, append([]float64(nil), v...))
	}
	return c, nil
}

// restore makes c the run's state.
func (p *parts) restore(c Checkpoint) error {
	hash, err := p.spec.Hash()
	if err != nil {
		return err
	}
	state := p.optimizer.State()
	if c.Spec != hash || c.Step < 0 || c.Step > p.spec.Steps || len(c.Params) != len(p.params) || len(c.State) != len(state) {
		return fmt.Errorf("checkpoint of spec %.12s at step %d: it is not of this run, spec %.12s", c.Spec, c.Step, hash)
	}
	for i, v := range state {
		if len(c.State[i]) != len(v) {
			return fmt.Errorf("checkpoint of spec %.12s: %d numbers in state[%d], want %d", c.Spec, len(c.State[i]), i, len(v))
		}
	}
	copy(p.params, c.Params)
	for i, v := range state {
		copy(v, c.State[i])
	}
	p.optimizer.Restore(c.Step)
	return nil
}

package implaws

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/props"
	"pgregory.net/rapid"
)

func runLaws() []props.Law {
	needs := []props.Capability{CanRun}
	return []props.Law{
		{ID: "run-workers", Source: "architecture, determinism", Needs: needs, Draws: 12, Check: runWorkers,
			Sentence: "A record and the trained parameters have the same bits for every number of workers."},
		{ID: "run-parallel", Source: "architecture, determinism", Needs: needs, Draws: 8, Check: runParallel,
			Sentence: "Runs made at once, in any number, with little memory, with or without a store, leave the bits of runs one by one, in the specs' order."},
		{ID: "run-resumed", Source: "architecture, determinism", Needs: needs, Draws: 8, Check: runResumed,
			Sentence: "A run that is stopped goes on from where it was and ends in the bits of one that was not; a third time nothing is trained."},
		{ID: "run-damaged-checkpoint", Source: "architecture, determinism", Needs: needs, Draws: 8, Check: runDamaged,
			Sentence: "A checkpoint that is cut, changed or another run's is never believed: the run starts again, to the same bits."},
		{ID: "run-again", Source: "architecture, determinism", Needs: needs, Draws: 5, Check: runAgain,
			Sentence: "What a store holds is trained again on demand, and gives the same bits."},
		{ID: "run-record", Source: "theory.md sections 1 and 7", Needs: needs, Draws: 20, Check: runRecord,
			Sentence: "A record names its spec and the hash of the parameters, has the curve's points, and its paired means are the differences of its means."},
		{ID: "run-starts-at-log-s", Source: "theory.md section 2", Needs: needs, Draws: 12, Check: runZeroStart,
			Sentence: "A curve from zero starts at log S with uniform attention."},
		{ID: "run-continued", Source: "theory.md section 7", Needs: needs, Draws: 8, Check: runContinued,
			Sentence: "A run that starts from the parameters of another begins its curve where the other's ends; other parameters than the spec names are refused."},
		{ID: "run-measured", Source: "theory.md sections 1 and 7", Needs: needs, Draws: 12, Check: runMeasured,
			Sentence: "The trained parameters, measured by themselves, give what the record says of them."},
		{ID: "run-curve-prefix", Source: "theory.md section 7", Needs: needs, Draws: 12, Check: runPrefix,
			Sentence: "At a constant rate a longer run passes through the curve of a shorter one."},
	}
}

func askRuns(t *rapid.T, s props.Subject, c props.Case, specs []experiment.Spec, o RunOptions) []Ran {
	ran := props.Ask(t, c, "runs", func() ([]Ran, error) { return s.(Runner).RunSpecs(specs, o) })
	props.Demand(t, c, len(ran) == len(specs), "runs", strconv.Itoa(len(specs)), strconv.Itoa(len(ran)))
	return ran
}

// runAlone is the run of a spec by itself.
func runAlone(t *rapid.T, s props.Subject, spec experiment.Spec) Ran {
	return askRuns(t, s, specCase(spec), []experiment.Spec{spec}, RunOptions{Workers: 1})[0]
}

// sameRan demands the same record, but for what it does not owe to its spec,
// and the same parameters.
func sameRan(t *rapid.T, c props.Case, what string, got, want Ran) {
	sameJSON(t, c, what+": record", got.Record.Canonical(), want.Record.Canonical())
	sameBits(t, c, what+": parameters", got.Params, want.Params)
}

func runWorkers(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	workers := rapid.IntRange(2, 5).Draw(t, "workers")
	c := specCase(spec).With("--workers %d", workers)
	sameRan(t, c, "run", askRuns(t, s, c, []experiment.Spec{spec}, RunOptions{Workers: workers})[0], runAlone(t, s, spec))
}

// drawSpecs draws several specs, one of which may come twice.
func drawSpecs(t *rapid.T) []experiment.Spec {
	specs := make([]experiment.Spec, rapid.IntRange(1, 3).Draw(t, "specs"))
	for i := range specs {
		specs[i] = drawSpec(t)
		specs[i].TestSequences = 33
	}
	if rapid.Bool().Draw(t, "one twice") {
		specs = append(specs, specs[0])
	}
	return specs
}

func runParallel(t *rapid.T, s props.Subject) {
	specs := drawSpecs(t)
	o := RunOptions{Cores: rapid.SampledFrom([]int{1, 2, 3, 4, -1}).Draw(t, "cores"), Memory: rapid.SampledFrom([]int64{0, 1, 1 << 20}).Draw(t, "memory")}
	stored := rapid.Bool().Draw(t, "store")
	c := specCase(specs...).With("--cores %d", o.Cores).Where("memory %d, store %t", o.Memory, stored)
	inFolder(t, func(folder string) {
		if stored {
			o.Folder = folder
		}
		for i, r := range askRuns(t, s, c, specs, o) {
			sameRan(t, c, "run "+strconv.Itoa(i), r, runAlone(t, s, specs[i]))
		}
	})
}

// stoppable is a spec of some steps and the number after which it is stopped.
func stoppable(t *rapid.T) (spec experiment.Spec, stop int) {
	spec = drawSpec(t)
	spec.Steps = rapid.IntRange(3, 12).Draw(t, "several steps")
	return spec, rapid.IntRange(2, spec.Steps-1).Draw(t, "stop after")
}

// stopped makes a run in a folder and stops it.
func stopped(t *rapid.T, s props.Subject, c props.Case, spec experiment.Spec, folder string, stop int) {
	refuses(t, c, "stopped run", func() error {
		_, err := s.(Runner).RunSpecs([]experiment.Spec{spec}, RunOptions{Folder: folder, Workers: 1, Stop: stop})
		return err
	}, spec.ID, "cancel")
}

func runResumed(t *rapid.T, s props.Subject) {
	spec, stop := stoppable(t)
	c := specCase(spec).Where("stopped after %d steps", stop)
	want := runAlone(t, s, spec)
	inFolder(t, func(folder string) {
		stopped(t, s, c, spec, folder, stop)
		checkpoint := onlyFile(t, c, folder, "unfinished/*.checkpoint")
		fileIn(t, filepath.Dir(checkpoint), "."+filepath.Base(checkpoint)+".7", []byte("of a killed run"))
		o := RunOptions{Folder: folder, Workers: 2, Cores: rapid.IntRange(0, 1).Draw(t, "cores")}
		for i, steps := range []int{spec.Steps - stop, 0} {
			r := askRuns(t, s, c, []experiment.Spec{spec}, o)[0]
			sameRan(t, c, "run", r, want)
			props.Demand(t, c, r.Steps == steps, fmt.Sprintf("steps of try %d", i+2), strconv.Itoa(steps), strconv.Itoa(r.Steps))
		}
		left, err := filepath.Glob(filepath.Join(folder, "unfinished", "*"))
		props.Demand(t, c, err == nil && len(left) == 0, "unfinished files", "none", fmt.Sprint(left))
	})
}

// onlyFile is the one file of a folder that matches.
func onlyFile(t *rapid.T, c props.Case, folder, pattern string) string {
	names, err := filepath.Glob(filepath.Join(folder, pattern))
	props.Demand(t, c, err == nil && len(names) == 1, "files "+pattern, "one", strconv.Itoa(len(names)))
	return names[0]
}

func runDamaged(t *rapid.T, s props.Subject) {
	spec, stop := stoppable(t)
	kind := rapid.SampledFrom([]string{"altered", "cut", "with another number", "another run's", "nothing"}).Draw(t, "damage")
	c := specCase(spec).Where("stopped after %d steps, checkpoint %s", stop, kind)
	want := runAlone(t, s, spec)
	inFolder(t, func(folder string) {
		stopped(t, s, c, spec, folder, stop)
		name := onlyFile(t, c, folder, "unfinished/*.checkpoint")
		data := readBack(t, name)
		switch kind {
		case "altered":
			flip(t, data, len(data))
		case "with another number":
			numbers := 8 * len(want.Params) // at least, before the checksum
			data[len(data)-sha256.Size-1-rapid.IntRange(0, numbers-1).Draw(t, "byte")] ^= 1
		case "cut":
			data = data[:rapid.IntRange(1, len(data)-1).Draw(t, "length")]
		case "another run's":
			other := spec
			other.Seed ^= 1
			elsewhere := filepath.Join(folder, "elsewhere")
			stopped(t, s, c, other, elsewhere, stop)
			data = readBack(t, onlyFile(t, c, elsewhere, "unfinished/*.checkpoint"))
		case "nothing":
			data = nil
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatalf("%v", err)
		}
		r := askRuns(t, s, c, []experiment.Spec{spec}, RunOptions{Folder: folder, Workers: 1})[0]
		sameRan(t, c, "run", r, want)
		props.Demand(t, c, r.Steps == spec.Steps, "steps", strconv.Itoa(spec.Steps), strconv.Itoa(r.Steps))
	})
}

func runAgain(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	o := RunOptions{Workers: 1, Cores: rapid.IntRange(0, 1).Draw(t, "cores")}
	c := specCase(spec)
	inFolder(t, func(folder string) {
		o.Folder = folder
		first := askRuns(t, s, c, []experiment.Spec{spec}, o)[0]
		o.Again = true
		again := askRuns(t, s, c, []experiment.Spec{spec}, o)[0]
		sameRan(t, c, "run made again", again, first)
		props.Demand(t, c, again.Steps == spec.Steps, "steps", strconv.Itoa(spec.Steps), strconv.Itoa(again.Steps))
	})
}

// hashBits is the SHA-256 of the parameters' bits, little-endian.
func hashBits(values []float64) string {
	var data []byte
	for _, v := range values {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// seal appends the SHA-256 of the data.
func seal(data []byte) []byte {
	sum := sha256.Sum256(data)
	return append(data, sum[:]...)
}

// curveSteps are the powers of two, the sixteenths and the end.
func curveSteps(steps int) []int {
	var all []int
	for k := range steps + 1 {
		power := k == 0
		for p := 1; p <= k; p *= 2 {
			power = power || p == k
		}
		if power || k == steps || steps >= 16 && k%(steps/16) == 0 {
			all = append(all, k)
		}
	}
	return all
}

// runRecord: a paired mean is the mean of differences: the same sums in another
// order, of n terms of at most 40 nats (a loss of e^-40 cannot be told from 0).
// No prediction beats the target itself (Gibbs); with eps inside the reduced
// model's logarithm what stands there sums to 1 + S eps.
func runRecord(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	spec.Steps = rapid.IntRange(1, 36).Draw(t, "steps of a curve")
	r := runAlone(t, s, spec)
	c, record := specCase(spec), r.Record
	sameJSON(t, c, "spec of the record", record.Spec, spec)
	props.Demand(t, c, record.WeightsHash == hashBits(r.Params), "hash of the parameters", hashBits(r.Params), record.WeightsHash)
	var steps []int
	for _, p := range record.Curve {
		steps = append(steps, p.Step)
		props.Demand(t, c, p.EdgeMean >= 0 && p.EdgeMean <= 1, "point of the curve", "a mean weight from 0 to 1", jsonOf(p))
	}
	props.Equal(t, c, "steps of the curve", steps, curveSteps(spec.Steps))
	props.Demand(t, c, len(r.Params) == r.Size, "parameters", strconv.Itoa(r.Size), strconv.Itoa(len(r.Params)))
	props.Demand(t, c, r.Steps == spec.Steps, "steps taken", strconv.Itoa(spec.Steps), strconv.Itoa(r.Steps))
	props.Demand(t, c, len(record.Shifted) == len(spec.Shifted), "shifted losses", strconv.Itoa(len(spec.Shifted)), strconv.Itoa(len(record.Shifted)))
	floor := 0.0
	if spec.Model == props.Reduced {
		floor = -math.Log1p(float64(spec.Tokens) * spec.Eps)
	}
	for _, l := range append([]measure.Losses{record.Final}, record.Shifted...) {
		props.Demand(t, c, l.Sequences == spec.TestSequences, "test sequences", strconv.Itoa(spec.TestSequences), strconv.Itoa(l.Sequences))
		slack := 40 * 4 * float64(l.Sequences+8) * s.Roundoff()
		props.Within(t, c, "gap to the irreducible loss", l.Gap.Value, l.Loss.Value-l.Irreducible.Value, slack)
		props.Within(t, c, "loss less the count estimator's", l.OverCount.Value, l.Loss.Value-l.Count.Value, slack)
		props.Within(t, c, "loss less the training count estimator's", l.OverTraining.Value, l.Loss.Value-l.TrainingCount.Value, slack)
		props.AtLeast(t, c, "gap to the irreducible loss", l.Gap.Value, floor, slack)
		props.AtMost(t, c, "sup error", l.SupError.Value, 1, slack)
	}
}

// runZeroStart: every prediction of W = 0 is uniform, and the loss of each
// sequence log S in the same bits; row i of the zero position block has i+1
// equal weights.
func runZeroStart(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	spec.Model, spec.InitScale, spec.Graph, spec.Heads, spec.Prior = props.Disentangled, 0, "chain", []int{1, 1}, "dirichlet:1"
	spec.Shifted = nil
	start := runAlone(t, s, spec).Record.Curve[0]
	props.Within(t, specCase(spec), "loss at step 0", start.Loss, math.Log(float64(spec.Tokens)), float64(8*spec.TestSequences)*s.Roundoff())
	mean := 0.0
	for child := 1; child < spec.Length-1; child++ {
		mean += 1 / float64(child+1) / float64(spec.Length-2)
	}
	props.Within(t, specCase(spec), "mean weight of the edges at step 0", start.EdgeMean, mean, float64(8*spec.Length)*s.Roundoff())
}

func runContinued(t *rapid.T, s props.Subject) {
	first := drawSpec(t)
	params := runAlone(t, s, first)
	next := first
	next.Steps, next.InitialWeights = 1, params.Record.WeightsHash
	c := specCase(next).Where("from the parameters that %s ended in", jsonOf(first))
	run := func(initial []float64) ([]Ran, error) {
		return s.(Runner).RunSpecs([]experiment.Spec{next}, RunOptions{Workers: 1, Initial: initial})
	}
	ran := props.Ask(t, c, "continued run", func() ([]Ran, error) { return run(params.Params) })
	end := params.Record.Curve[len(params.Record.Curve)-1]
	end.Step = 0
	sameJSON(t, c, "first point of the curve", ran[0].Record.Curve[0], end)
	other := append([]float64(nil), params.Params...)
	other[rapid.IntRange(0, len(other)-1).Draw(t, "parameter")] += 1
	for _, wrong := range [][]float64{nil, params.Params[1:], other} {
		refuses(t, c, "other initial weights", func() error { _, err := run(wrong); return err }, "initial weights")
	}
}

func runMeasured(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	r := runAlone(t, s, spec)
	workers := rapid.IntRange(1, 3).Draw(t, "workers")
	c := specCase(spec).With("--workers %d", workers)
	got := props.Ask(t, c, "measurement of parameters", func() (experiment.Record, error) { return s.(Runner).MeasureSpec(spec, r.Params, workers) })
	sameJSON(t, c, "measured record", got.Measured(), r.Record.Measured())
	refuses(t, c, "measurement of too few parameters", func() error {
		_, err := s.(Runner).MeasureSpec(spec, r.Params[1:], workers)
		return err
	}, strconv.Itoa(len(r.Params)))
}

func runPrefix(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	spec.Schedule = "constant"
	longer := spec
	longer.Steps = 2*spec.Steps + rapid.IntRange(0, 3).Draw(t, "more steps")
	c := specCase(spec, longer)
	short, long := runAlone(t, s, spec).Record.Curve, runAlone(t, s, longer).Record.Curve
	at := map[int]experiment.CurvePoint{}
	for _, p := range long {
		at[p.Step] = p
	}
	for _, p := range short {
		if _, both := at[p.Step]; both {
			sameJSON(t, c, "curve of the longer run", at[p.Step], p)
		}
	}
}

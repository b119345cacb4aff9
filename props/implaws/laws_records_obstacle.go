package implaws

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/props"
	"pgregory.net/rapid"
)

func obstacleLaws() []props.Law {
	return []props.Law{
		{ID: "store-obstacles", Source: "architecture, records", Needs: []props.Capability{CanStore}, Draws: 12, Check: storeObstacles,
			Sentence: "Where the disk does not let a record be kept or found, that is an error in one line; other records are not touched."},
		{ID: "store-numbers", Source: "architecture, records", Needs: []props.Capability{CanStore}, Draws: 8, Check: storeNumbers,
			Sentence: "A record with a number that is infinite or none is refused, and nothing of it is kept."},
		{ID: "run-refusals", Source: "theory.md section 7", Needs: []props.Capability{CanRun}, Draws: 20, Check: runRefusals,
			Sentence: "A run that cannot be made or diverges is an error that names it, alone or among others, and leaves no record."},
		{ID: "run-two-at-once", Source: "architecture, records", Needs: []props.Capability{CanRun, CanStore}, Draws: 2, Check: runTwoAtOnce,
			Sentence: "While a run is under way its spec is running and has no record; a second attempt from elsewhere waits and gets the same bits without training."},
		{ID: "run-forged-checkpoint", Source: "architecture, determinism", Needs: []props.Capability{CanRun}, Draws: 12, Check: runForged,
			Sentence: "A checkpoint that is wrong under a right checksum is an error, or the run ends in the right bits; never a panic, never a record of a shorter run."},
	}
}

// obstruct puts a folder in the place of a file of the spec's.
func obstruct(t *rapid.T, folder, what, stem string) {
	name := map[string]string{"record": stem + ".json", "weights": "weights/" + stem + ".npy",
		"failure": "failed/" + stem + ".json", "lock": "unfinished/" + stem + ".lock"}[what]
	name = filepath.Join(folder, name)
	if err := os.RemoveAll(name); err != nil {
		t.Fatalf("%v", err)
	}
	if err := os.MkdirAll(filepath.Join(name, "inside"), 0o755); err != nil {
		t.Fatalf("%v", err)
	}
}

// storeObstacles: what of the store works with an obstacle depends on where it
// is; what fails must say so.
func storeObstacles(t *rapid.T, s props.Subject) {
	r, params := drawRecord(t)
	other, otherParams := drawRecord(t)
	other.Spec.ID, r.Spec.ID = "other", "one"
	what := rapid.SampledFrom([]string{"record", "weights", "failure", "lock", "folder", "prior"}).Draw(t, "obstacle")
	c := recordCase(r).Where("obstacle: %s", what)
	inFolder(t, func(folder string) {
		mustKeep(t, s, c, folder, other, otherParams)
		store, broken := folder, []string{}
		switch what {
		case "folder":
			store, broken = fileIn(t, folder, "file", nil), []string{"keep", "find", "all", "note", "forget"}
		case "prior":
			r.Spec.Prior, broken = "point:"+filepath.Join(folder, "absent"), []string{"keep", "find", "note", "forget"}
		default:
			mustKeep(t, s, c, folder, r, params)
			stem := strings.TrimSuffix(filepath.Base(onlyFile(t, c, folder, "one-*.json")), ".json")
			broken = map[string][]string{"record": {"keep", "find"}, "weights": {"keep"}, "failure": {"find", "note", "forget"}, "lock": {"find"}}[what]
			obstruct(t, folder, what, stem)
			if what == "weights" || what == "failure" || what == "lock" { // an intact record needs none of them
				if err := os.Remove(filepath.Join(folder, stem+".json")); err != nil {
					t.Fatalf("%v", err)
				}
			}
		}
		a := s.(Archivist)
		for _, op := range broken {
			refuses(t, c, op, func() (err error) {
				switch op {
				case "keep":
					err = a.Keep(store, r, params)
				case "find":
					_, err = a.Find(store, r.Spec)
				case "all":
					_, err = a.FindAll(store)
				case "note":
					err = a.NoteFailure(store, r.Spec, "reason")
				case "forget":
					err = a.NoteFailure(store, r.Spec, "")
				}
				return err
			})
		}
		kept(t, s, c, folder, other, otherParams)
	})
}

func storeNumbers(t *rapid.T, s props.Subject) {
	r, params := drawRecord(t)
	wrong := rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1)}).Draw(t, "number")
	if rapid.Bool().Draw(t, "in the curve") {
		r.Curve[0].Loss = wrong
	} else {
		r.Final.Gap.Value = wrong
	}
	c := props.Case{}.Where("record of %s with %v", jsonOf(r.Spec), wrong)
	inFolder(t, func(folder string) {
		refuses(t, c, "keeping a record", func() error { return s.(Archivist).Keep(folder, r, params) }, r.Spec.ID)
		lost(t, s, c, folder, r.Spec, experiment.Missing)
	})
}

// runRefusals: at rate 10^12 and decay 1 every step multiplies a parameter by about
// -10^12, so that 60 steps leave the range of the numbers.
func runRefusals(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	spec.ID = "wrong"
	right := spec
	o := RunOptions{Workers: 1, Cores: rapid.IntRange(0, 2).Draw(t, "cores")}
	part := "wrong"
	what := rapid.SampledFrom([]string{"invalid", "diverging", "workers", "measured workers", "measured invalid"}).Draw(t, "mistake")
	switch what {
	case "invalid", "measured invalid":
		spec.Eps = -1
	case "diverging":
		spec.Model, spec.Heads, spec.Graph, spec.Optimizer, spec.Schedule, spec.LR = props.Disentangled, []int{1, 1}, "chain", "sgd", "constant", 1e12
		spec.Prior, spec.Shifted, spec.Steps, spec.InitScale, spec.WeightDecay = "dirichlet:0.1", nil, 60, 0.1, 1
	default:
		o.Workers, o.Cores, part = rapid.SampledFrom([]int{-1, 1025, math.MaxInt}).Draw(t, "workers"), 0, "workers"
	}
	c := specCase(spec).Where("mistake: %s", what)
	if strings.HasPrefix(what, "measured") {
		params := runAlone(t, s, right).Params
		refuses(t, c, "measurement", func() error { _, err := s.(Runner).MeasureSpec(spec, params, o.Workers); return err }, part)
		return
	}
	specs := []experiment.Spec{spec}
	if o.Cores > 0 {
		specs = append(specs, drawSpec(t), drawSpec(t))
	}
	inFolder(t, func(folder string) {
		o.Folder = folder
		refuses(t, c, "runs", func() error { _, err := s.(Runner).RunSpecs(specs, o); return err }, part)
		names, err := filepath.Glob(filepath.Join(folder, "wrong-*.json"))
		props.Demand(t, c, err == nil && len(names) == 0, "records", "none", fmt.Sprint(names))
	})
}

func runTwoAtOnce(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	spec.Steps = rapid.IntRange(2, 5).Draw(t, "several steps")
	c := specCase(spec)
	want := runAlone(t, s, spec)
	inFolder(t, func(folder string) {
		type attempt struct {
			ran []Ran
			err error
		}
		second := make(chan attempt, 1)
		looks := 0
		look := func() {
			f := askFind(t, s, c, folder, spec)
			props.Demand(t, c, f.Record == nil && f.State == experiment.Running, "state after a step", "running, without a record", string(f.State))
			if looks++; looks > 1 {
				return
			}
			go func() {
				ran, err := props.Guarded(func() ([]Ran, error) {
					return s.(Runner).RunSpecs([]experiment.Spec{spec}, RunOptions{Folder: folder, Cores: 1})
				})
				second <- attempt{ran, err}
			}()
		}
		first := askRuns(t, s, c, []experiment.Spec{spec}, RunOptions{Folder: folder, Workers: 1, Look: look})[0]
		sameRan(t, c, "run", first, want)
		other := props.Ask(t, c, "second run", func() ([]Ran, error) { a := <-second; return a.ran, a.err })[0]
		sameRan(t, c, "second run", other, want)
		props.Demand(t, c, other.Steps == 0, "steps of the second run", "0", strconv.Itoa(other.Steps))
	})
}

// runForged rewrites a checkpoint's header or numbers and seals it again.
func runForged(t *rapid.T, s props.Subject) {
	spec, stop := stoppable(t)
	kind := rapid.SampledFrom([]string{"header", "sizes", "longer", "step", "shorter"}).Draw(t, "change")
	c := specCase(spec).Where("stopped after %d steps, checkpoint with another %s", stop, kind)
	inFolder(t, func(folder string) {
		stopped(t, s, c, spec, folder, stop)
		name := onlyFile(t, c, folder, "unfinished/*.checkpoint")
		data := string(readBack(t, name))
		body := data[:len(data)-32]
		lines := strings.SplitN(body, "\n", 3) // the format's name, the header, the numbers
		props.Demand(t, c, len(lines) == 3, "parts of a checkpoint", "3", strconv.Itoa(len(lines)))
		switch kind {
		case "header":
			lines[1] = lines[1][:len(lines[1])/2]
		case "sizes":
			lines[1] = strings.Replace(lines[1], `"sizes":[`, `"sizes":[`+rapid.SampledFrom([]string{"-1,", "99999999999,", "0,"}).Draw(t, "size"), 1)
		case "longer":
			lines[2] += "x"
		case "step":
			lines[1] = strings.Replace(lines[1], fmt.Sprintf(`"step":%d,`, stop), rapid.SampledFrom([]string{`"step":-1,`, `"step":1000000,`}).Draw(t, "step"), 1)
		case "shorter":
			lines[2] = lines[2][:len(lines[2])-8]
		}
		sealed := []byte(strings.Join(lines, "\n"))
		fileIn(t, filepath.Dir(name), filepath.Base(name), seal(sealed))
		ran, err := props.Guarded(func() ([]Ran, error) {
			return s.(Runner).RunSpecs([]experiment.Spec{spec}, RunOptions{Folder: folder, Workers: 1})
		})
		if err != nil {
			refuses(t, c, "run from a forged checkpoint", func() error { return err }, "checkpoint")
			return
		}
		sameRan(t, c, "run from a forged checkpoint", ran[0], runAlone(t, s, spec))
	})
}

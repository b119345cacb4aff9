package implaws

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/props"
	"pgregory.net/rapid"
)

func storeLaws() []props.Law {
	needs := []props.Capability{CanStore}
	return []props.Law{
		{ID: "store-round-trip", Source: "architecture, records", Needs: needs, Draws: 15, Check: storeRoundTrip,
			Sentence: "A record and its parameters are found again with every bit, and listed, in the order of their names."},
		{ID: "store-damage", Source: "architecture, records", Needs: needs, Draws: 15, Check: storeDamage,
			Sentence: "A record's file with any byte changed, cut off or added is not believed; keeping the record again mends it and loses nothing."},
		{ID: "store-weights-damage", Source: "architecture, records", Needs: needs, Draws: 8, Check: storeWeightsDamage,
			Sentence: "Parameters that are missing or not those of the record are never given out for them."},
		{ID: "store-appends", Source: "architecture, records", Needs: needs, Draws: 10, Check: storeAppends,
			Sentence: "A kept record stays: the same bits from another machine are welcome, other bits are refused."},
		{ID: "store-foreign", Source: "architecture, records", Needs: needs, Draws: 8, Check: storeForeign,
			Sentence: "An intact record under another spec's name counts as none."},
		{ID: "store-writers", Source: "architecture, records", Needs: needs, Draws: 8, Check: storeWriters,
			Sentence: "Several writers of one folder, of the same records in other orders, lose nothing and leave nothing unfinished."},
		{ID: "store-failures", Source: "architecture, records", Needs: needs, Draws: 8, Check: storeFailures,
			Sentence: "A noted failure is told with its reason until it is forgotten, and never hides a record."},
	}
}

// drawRecord draws a record with any finite numbers: nobody trained it.
func drawRecord(t *rapid.T) (experiment.Record, []float64) {
	number := rapid.Custom(func(t *rapid.T) float64 {
		if rapid.Bool().Draw(t, "edge") {
			return rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64, 1 + 0x1p-52, 0.1, 1e21, 1e-7}).Draw(t, "number")
		}
		return rapid.Float64().Draw(t, "number")
	})
	mean := rapid.Custom(func(t *rapid.T) measure.Mean {
		return measure.Mean{Value: number.Draw(t, "value"), StdErr: number.Draw(t, "error")}
	})
	losses := rapid.Custom(func(t *rapid.T) measure.Losses {
		return measure.Losses{Prior: rapid.StringN(0, 8, 16).Draw(t, "prior"), Sequences: rapid.IntRange(0, 99).Draw(t, "sequences"),
			Loss: mean.Draw(t, "loss"), Gap: mean.Draw(t, "gap"), Alpha: number.Draw(t, "alpha"), SupError: mean.Draw(t, "sup error")}
	})
	edges := rapid.Custom(func(t *rapid.T) measure.Edges {
		return measure.Edges{Mean: number.Draw(t, "mean"), Weights: []measure.EdgeWeight{{Child: 1, Weight: number.Draw(t, "weight")}}}
	})
	params := rapid.SliceOfN(number, 1, 5).Draw(t, "params")
	r := experiment.Record{Schema: experiment.Schema, Spec: drawSpec(t), Final: losses.Draw(t, "final"),
		Edges:       experiment.EdgeReport{Attention: edges.Draw(t, "attention"), Accuracy: number.Draw(t, "accuracy")},
		Shifted:     rapid.SliceOfN(losses, 1, 2).Draw(t, "shifted"),
		Curve:       []experiment.CurvePoint{{Step: 0, Loss: number.Draw(t, "first")}, {Step: 1, EdgeMean: number.Draw(t, "mean")}},
		WeightsHash: hashBits(params),
		Provenance:  experiment.Provenance{WallSeconds: number.Draw(t, "seconds"), Program: rapid.StringN(0, 8, 16).Draw(t, "program"), Go: "go", Machine: "m"},
	}
	if rapid.Bool().Draw(t, "block") {
		block := edges.Draw(t, "position block")
		r.Edges.PositionBlock = &block
	}
	return r, params
}

func recordCase(r experiment.Record) props.Case { return props.Case{}.Where("record %s", jsonOf(r)) }

func mustKeep(t *rapid.T, s props.Subject, c props.Case, folder string, r experiment.Record, params []float64) {
	props.Ask(t, c, "keeping a record", func() (struct{}, error) { return struct{}{}, s.(Archivist).Keep(folder, r, params) })
}

func askFind(t *rapid.T, s props.Subject, c props.Case, folder string, spec experiment.Spec) Found {
	return props.Ask(t, c, "finding a record", func() (Found, error) { return s.(Archivist).Find(folder, spec) })
}

func askFindAll(t *rapid.T, s props.Subject, c props.Case, folder string) []experiment.Record {
	return props.Ask(t, c, "listing the records", func() ([]experiment.Record, error) { return s.(Archivist).FindAll(folder) })
}

// kept demands that the folder has this record with these parameters.
func kept(t *rapid.T, s props.Subject, c props.Case, folder string, r experiment.Record, params []float64) {
	f := askFind(t, s, c, folder, r.Spec)
	props.Demand(t, c, f.Record != nil && f.State == experiment.Done, "kept record", "found, done", fmt.Sprintf("state %q %s", f.State, f.Reason))
	sameJSON(t, c, "kept record", *f.Record, r)
	sameBits(t, c, "kept parameters", f.Weights, params)
}

// lost demands that the folder gives out no record of the spec.
func lost(t *rapid.T, s props.Subject, c props.Case, folder string, spec experiment.Spec, state experiment.State) {
	f := askFind(t, s, c, folder, spec)
	props.Demand(t, c, f.Record == nil && f.State == state, "record", fmt.Sprintf("none, %s", state), fmt.Sprintf("%s, %s", jsonOf(f.Record), f.State))
	props.Demand(t, c, (state == experiment.Missing) == (f.Reason == ""), "reason", "one, unless nothing is there", f.Reason)
	notes := 0
	if state == experiment.Damaged {
		notes = 1
	}
	ok := len(f.Notes) == notes && (notes == 0 || !strings.Contains(f.Notes[0], "\n"))
	props.Demand(t, c, ok, "notes", fmt.Sprintf("%d in one line each", notes), fmt.Sprintf("%q", f.Notes))
	for _, r := range askFindAll(t, s, c, folder) {
		props.Demand(t, c, jsonOf(r.Spec) != jsonOf(spec), "listed records", "none of this spec", jsonOf(r))
	}
}

func storeRoundTrip(t *rapid.T, s props.Subject) {
	r, params := drawRecord(t)
	other, otherParams := drawRecord(t)
	c := recordCase(r)
	inFolder(t, func(folder string) {
		// A folder with signs that patterns and shells know.
		folder = filepath.Join(folder, "a [b] *")
		lost(t, s, c, folder, r.Spec, experiment.Missing)
		mustKeep(t, s, c, folder, r, params)
		kept(t, s, c, folder, r, params)
		want := []experiment.Record{r}
		if jsonOf(other.Spec) != jsonOf(r.Spec) {
			mustKeep(t, s, c, folder, other, otherParams)
			kept(t, s, c, folder, r, params)
			want = append(want, other)
			names, err := filepath.Glob(filepath.Join(filepath.Dir(folder), "*", "*.json"))
			props.Demand(t, c, err == nil && len(names) == 2, "files of two records", "two", fmt.Sprint(names))
			if holds(readBack(t, names[0]), other) {
				want[0], want[1] = want[1], want[0]
			}
		}
		sameJSON(t, c, "listed records", askFindAll(t, s, c, folder), want)
	})
}

// holds reports whether a file's text has the record's spec in it.
func holds(text []byte, r experiment.Record) bool {
	spec, err := json.MarshalIndent(r.Spec, " ", " ")
	return err == nil && bytes.Contains(text, spec)
}

func storeDamage(t *rapid.T, s props.Subject) {
	r, params := drawRecord(t)
	kind := rapid.SampledFrom([]string{"bit", "cut", "line", "checksum of nothing", "empty", "another schema", "an unknown field"}).Draw(t, "damage")
	c := recordCase(r).Where("damage: %s", kind)
	inFolder(t, func(folder string) {
		mustKeep(t, s, c, folder, r, params)
		name := onlyFile(t, c, folder, "*.json")
		data := readBack(t, name)
		switch kind {
		case "bit":
			flip(t, data, len(data))
		case "cut":
			data = data[:rapid.IntRange(1, len(data)-1).Draw(t, "length")]
		case "line":
			data = append(data, '\n')
		case "checksum of nothing":
			data = []byte("{}\n")
		case "empty":
			data = nil
		case "another schema":
			data = forged(t, data, `"schema": "`+experiment.Schema, `"schema": "x`)
		case "an unknown field":
			data = forged(t, data, ` "schema": `, ` "another": 1,`+"\n"+` "schema": `)
		}
		fileIn(t, folder, filepath.Base(name), data)
		lost(t, s, c, folder, r.Spec, experiment.Damaged)
		props.Demand(t, c, bytes.Equal(readBack(t, name), data), "damaged file", "left alone by looking", "another file")
		mustKeep(t, s, c, folder, r, params)
		kept(t, s, c, folder, r, params)
		aside := onlyFile(t, c, folder, "*.damaged")
		props.Demand(t, c, bytes.Equal(readBack(t, aside), data), "file set aside", "the damaged one", "another")
		fileIn(t, folder, filepath.Base(name), []byte("{"))
		mustKeep(t, s, c, folder, r, params)
		kept(t, s, c, folder, r, params)
		props.Demand(t, c, bytes.Equal(readBack(t, aside), data), "file set aside before", "the damaged one", "another")
	})
}

// forged replaces a part of a record's file and puts the right checksum over it:
// the SHA-256 of what follows its line.
func forged(t *rapid.T, data []byte, old, other string) []byte {
	lines := strings.SplitN(string(data), "\n", 3)
	rest := strings.Replace(lines[2], old, other, 1)
	if rest == lines[2] {
		t.Fatalf("no %s in a record's file", old)
	}
	sum := sha256.Sum256([]byte(rest))
	return []byte(fmt.Sprintf("%s\n \"sha256\": \"%x\",\n%s", lines[0], sum, rest))
}

func storeWeightsDamage(t *rapid.T, s props.Subject) {
	r, params := drawRecord(t)
	kind := rapid.SampledFrom([]string{"bit", "cut", "missing", "another record's"}).Draw(t, "damage")
	c := recordCase(r).Where("weights: %s", kind)
	inFolder(t, func(folder string) {
		mustKeep(t, s, c, folder, r, params)
		name := onlyFile(t, c, folder, "weights/*.npy")
		data := readBack(t, name)
		switch kind {
		case "bit":
			flip(t, data, 8*len(params))
		case "cut":
			data = data[:rapid.IntRange(0, len(data)-1).Draw(t, "length")]
		case "another record's":
			other := r
			other.Spec.Seed ^= 1
			other.WeightsHash = hashBits(append([]float64{1}, params...))
			elsewhere := filepath.Join(folder, "elsewhere")
			mustKeep(t, s, c, elsewhere, other, append([]float64{1}, params...))
			data = readBack(t, onlyFile(t, c, elsewhere, "weights/*.npy"))
		}
		err := os.WriteFile(name, data, 0o600)
		if kind == "missing" {
			err = os.Remove(name)
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		f := askFind(t, s, c, folder, r.Spec)
		props.Demand(t, c, f.Record != nil, "record with damaged weights", "found", "missing")
		props.Demand(t, c, f.Weights == nil, "weights", "none", fmt.Sprint(f.Weights))
	})
}

func storeAppends(t *rapid.T, s props.Subject) {
	r, params := drawRecord(t)
	c := recordCase(r)
	inFolder(t, func(folder string) {
		mustKeep(t, s, c, folder, r, params)
		again := r
		again.Provenance = experiment.Provenance{WallSeconds: 1, Program: "another", Go: "go0", Machine: "another"}
		mustKeep(t, s, c, folder, again, params)
		kept(t, s, c, folder, r, params)
		other := r
		switch rapid.IntRange(0, 2).Draw(t, "difference") {
		case 0:
			other.Final.Loss.Value = nextBit(other.Final.Loss.Value)
		case 1:
			other.Curve = append(other.Curve[:1:1], experiment.CurvePoint{Step: 1, EdgeMean: nextBit(other.Curve[1].EdgeMean)})
		case 2:
			other.WeightsHash = hashBits(append(params, 0))
		}
		_, err := props.Guarded(func() (struct{}, error) { return struct{}{}, s.(Archivist).Keep(folder, other, append(params, 0)) })
		props.Demand(t, c, errors.Is(err, experiment.ErrMismatch), "keeping other bits", "a mismatch", fmt.Sprint(err))
		kept(t, s, c, folder, r, params)
	})
}

// nextBit is the number with its last bit changed.
func nextBit(v float64) float64 { return math.Float64frombits(math.Float64bits(v) ^ 1) }

func storeForeign(t *rapid.T, s props.Subject) {
	r, params := drawRecord(t)
	other := r
	other.Spec.Seed ^= 1
	c := recordCase(r)
	inFolder(t, func(folder string) {
		there := filepath.Join(folder, "there")
		mustKeep(t, s, c, folder, r, params)
		mustKeep(t, s, c, there, other, params)
		data := readBack(t, onlyFile(t, c, there, "*.json"))
		if err := os.WriteFile(onlyFile(t, c, folder, "*.json"), data, 0o600); err != nil {
			t.Fatalf("%v", err)
		}
		lost(t, s, c, folder, r.Spec, experiment.Damaged)
		props.Demand(t, c, len(askFindAll(t, s, c, folder)) == 0, "listed records", "none", "some")
	})
}

func storeWriters(t *rapid.T, s props.Subject) {
	records, params := make([]experiment.Record, rapid.IntRange(1, 3).Draw(t, "records")), make([][]float64, 3)
	for i := range records {
		records[i], params[i] = drawRecord(t)
		records[i].Spec.ID = fmt.Sprintf("record-%d", i)
	}
	writers, damaged := rapid.IntRange(2, 4).Draw(t, "writers"), rapid.Bool().Draw(t, "one damaged before")
	c := props.Case{}.Where("%d writers of %s, the first damaged before: %t", writers, jsonOf(records), damaged)
	inFolder(t, func(folder string) {
		if damaged {
			mustKeep(t, s, c, folder, records[0], params[0])
			fileIn(t, folder, filepath.Base(onlyFile(t, c, folder, "*.json")), []byte("{\n"))
		}
		errs := make([]error, writers)
		var group sync.WaitGroup
		for w := range writers {
			group.Go(func() {
				for k := range records {
					i := (k + w) % len(records)
					_, err := props.Guarded(func() (struct{}, error) { return struct{}{}, s.(Archivist).Keep(folder, records[i], params[i]) })
					errs[w] = errors.Join(errs[w], err)
				}
			})
		}
		group.Wait()
		props.Demand(t, c, errors.Join(errs...) == nil, "writing at once", "no error", fmt.Sprint(errors.Join(errs...)))
		for i, r := range records {
			kept(t, s, c, folder, r, params[i])
		}
		sameJSON(t, c, "listed records", askFindAll(t, s, c, folder), records)
		aside := 0
		err := filepath.WalkDir(folder, func(name string, d os.DirEntry, err error) error {
			switch ext := filepath.Ext(name); {
			case err != nil || d.IsDir() || ext == ".json" || ext == ".npy":
				return err
			case strings.HasPrefix(ext, ".damaged") && string(readBack(t, name)) == "{\n":
				aside++
				return nil
			}
			return fmt.Errorf("file %s", filepath.Base(name))
		})
		props.Demand(t, c, err == nil, "files in the folder", "records, weights and the damaged file", fmt.Sprint(err))
		props.Demand(t, c, aside == 1 || aside == 0 && !damaged, "damaged files set aside", "all", strconv.Itoa(aside))
	})
}

func storeFailures(t *rapid.T, s props.Subject) {
	r, params := drawRecord(t)
	reason := rapid.StringMatching(`[a-z]{1,8}( [a-z]{1,4})?`).Draw(t, "reason")
	c := recordCase(r).Where("reason %q", reason)
	inFolder(t, func(folder string) {
		noted := func(text string) {
			props.Ask(t, c, "noting a failure", func() (struct{}, error) { return struct{}{}, s.(Archivist).NoteFailure(folder, r.Spec, text) })
		}
		noted("")
		lost(t, s, c, folder, r.Spec, experiment.Missing)
		noted(reason)
		lost(t, s, c, folder, r.Spec, experiment.Failed)
		f := askFind(t, s, c, folder, r.Spec)
		props.Demand(t, c, f.Reason == reason, "reason of the failure", reason, f.Reason)
		noted("")
		lost(t, s, c, folder, r.Spec, experiment.Missing)
		noted(reason)
		mustKeep(t, s, c, folder, r, params)
		kept(t, s, c, folder, r, params)
	})
}

package runs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"causalgrad/impl/durable"
	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"

	"github.com/stretchr/testify/require"
)

// recomputed names the folder of newly computed records (make golden-default).
func recomputed() string { return os.Getenv("CAUSALGRAD_GOLDEN_DEFAULT") }

// TestDefaultFiles: what the folder holds are intact records of the catalogue's
// runs at the default size, each with a hash of its weights and a curve.
func TestDefaultFiles(t *testing.T) {
	records, err := Default()
	require.NoError(t, err)
	if len(records) == 0 {
		t.Skip("golden/runs/default has no records")
	}
	specs, err := Plan{Size: experiment.ReducedSize}.Specs()
	require.NoError(t, err)
	known := map[string]bool{}
	for _, s := range specs {
		hash, err := s.Hash()
		require.NoError(t, err)
		known[hash] = true
	}
	for _, r := range records {
		hash, err := r.Spec.Hash()
		require.NoError(t, err)
		require.True(t, known[hash], "%s, seed %d is no run of the default size", r.Spec.ID, r.Spec.Seed)
		require.Len(t, r.WeightsHash, 64)
		require.Equal(t, len(r.Spec.Shifted), len(r.Shifted))
		require.NotEmpty(t, r.Curve)
	}
	changed, missing, err := CompareDefault(records, records)
	require.NoError(t, err)
	require.Empty(t, changed)
	require.Empty(t, missing)
}

// TestGoldenDefaultRuns compares the newly computed records with the golden
// ones and, under CAUSALGRAD_GOLDEN=write, puts them in their place.
func TestGoldenDefaultRuns(t *testing.T) {
	if recomputed() == "" {
		t.Skip("the default size takes over an hour: make golden-default computes it")
	}
	golden, err := ReadRecords(os.DirFS("default"))
	require.NoError(t, err)
	now, err := ReadRecords(os.DirFS(recomputed()))
	require.NoError(t, err)
	require.NotEmpty(t, now)
	changed, missing, err := CompareDefault(golden, now)
	require.NoError(t, err)
	for _, c := range changed {
		t.Logf("%s, seed %d, %d steps:\n%s", c.ID, c.Seed, c.Steps, Text(c.Differences))
	}
	for _, line := range missing {
		t.Log(line)
	}
	if !writing() {
		require.Empty(t, changed)
		return
	}
	require.Empty(t, os.Getenv("CI"), "CAUSALGRAD_GOLDEN=write is refused where CI is set")
	replaceRecords(t, recomputed(), "default")
}

// replaceRecords puts the records of one folder in the place of another's.
func replaceRecords(t *testing.T, from, to string) {
	t.Helper()
	old, err := filepath.Glob(filepath.Join(to, "*.json"))
	require.NoError(t, err)
	names, err := filepath.Glob(filepath.Join(from, "*.json"))
	require.NoError(t, err)
	kept := map[string]bool{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, durable.WriteFile(filepath.Join(to, filepath.Base(name)), data))
		kept[filepath.Base(name)] = true
	}
	for _, name := range old {
		if !kept[filepath.Base(name)] {
			t.Logf("%s is no run of the default size any more: removed", filepath.Base(name))
			require.NoError(t, os.Remove(name))
		}
	}
}

// TestReplaceRecords: new files come, those left out go, others stay.
func TestReplaceRecords(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{filepath.Join(from, "a.json"): "new", filepath.Join(to, "a.json"): "old",
		filepath.Join(to, "b.json"): "old", filepath.Join(to, "README.md"): "words"} {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
	}
	replaceRecords(t, from, to)
	data, err := os.ReadFile(filepath.Join(to, "a.json"))
	require.NoError(t, err)
	require.Equal(t, "new", string(data))
	require.NoFileExists(t, filepath.Join(to, "b.json"))
	require.FileExists(t, filepath.Join(to, "README.md"))
}

// seeded is a small record of a valid spec whose numbers are functions of its seed.
func seeded(seed uint64, loss float64) experiment.Record {
	s := experiment.Default()
	s.ID, s.Steps, s.Seed, s.Shifted = "seeded", 4, seed, []string{"dirichlet:1"}
	block := measure.Edges{Mean: 0.75, Min: 0.25, Accuracy: 1, Weights: []measure.EdgeWeight{{Child: 1}}}
	return experiment.Record{Schema: experiment.Schema, Spec: s,
		Final:       measure.Losses{Loss: measure.Mean{Value: loss, StdErr: 0.5}},
		Shifted:     []measure.Losses{{Loss: measure.Mean{Value: 2 * loss, StdErr: 0.5}}},
		Edges:       experiment.EdgeReport{PositionBlock: &block, Attention: block},
		WeightsHash: fmt.Sprintf("%064d", seed), Provenance: experiment.Provenance{WallSeconds: loss}}
}

// TestCompareDefault: the losses of the golden seeds 1, 2 and 3 are 1, 2 and 3
// with standard deviation 1, so a loss raised by 1/2 is 0.5 of the seeds'
// standard errors, and likewise its double out of distribution. All numbers are
// small dyadic ones: the results are exact.
func TestCompareDefault(t *testing.T) {
	golden := []experiment.Record{seeded(1, 1), seeded(2, 2), seeded(3, 3)}
	now := []experiment.Record{seeded(3, 3), seeded(2, 2.5), seeded(4, 4)}
	now[0].Provenance.WallSeconds = 77
	now[0].Edges.Attention.Weights = nil // not in the summary
	changed, missing, err := CompareDefault(golden, now)
	require.NoError(t, err)
	require.Equal(t, []string{"seeded, seed 1: no new record", "seeded, seed 4: no golden run"}, missing)
	require.Len(t, changed, 1)
	require.EqualValues(t, 2, changed[0].Seed)
	require.Len(t, changed[0].Differences, 2)
	for i, want := range []Difference{{"final.loss.value", "2", "2.5", 0.25, 0.5}, {"ood[0].loss.value", "4", "5", 0.25, 0.5}} {
		require.Equal(t, want, changed[0].Differences[i])
	}

	// One golden seed: the record's own standard error of 1/2 is the unit.
	changed, _, err = CompareDefault(golden[1:2], now)
	require.NoError(t, err)
	require.Equal(t, 1.0, changed[0].Differences[0].StandardErrs)

	// Other steps are another experiment.
	longer := seeded(9, 100)
	longer.Spec.Steps = 8
	changed, _, err = CompareDefault(append(golden, longer), now)
	require.NoError(t, err)
	require.Equal(t, 0.5, changed[0].Differences[0].StandardErrs)

	// Weights that differ show although every number is the same.
	now = []experiment.Record{seeded(1, 1)}
	now[0].WeightsHash = "other"
	changed, _, err = CompareDefault(golden, now)
	require.NoError(t, err)
	require.Len(t, changed, 1)
	require.Equal(t, "weights_sha256", changed[0].Differences[0].Path)
}

// TestSummaryIsOfTheRecord: nothing is mixed up, and runs without a position
// block have none.
func TestSummaryIsOfTheRecord(t *testing.T) {
	r := seeded(5, 8)
	r.Edges.Attention.Mean = 0.5
	s := Summarise(r)
	require.Equal(t, Summary{ID: "seeded", Seed: 5, Steps: 4, Final: r.Final, Shifted: r.Shifted,
		Position: &EdgeSummary{0.75, 0.25, 1}, Attention: EdgeSummary{0.5, 0.25, 1}, WeightsHash: r.WeightsHash}, s)
	r.Edges.PositionBlock = nil
	data, err := json.Marshal(Summarise(r))
	require.NoError(t, err)
	require.NotContains(t, string(data), "position_block")
}

// TestReadRecords: strict about what looks like a record, blind to the rest.
func TestReadRecords(t *testing.T) {
	r := seeded(1, 1)
	data, err := experiment.EncodeRecord(r)
	require.NoError(t, err)
	hash, err := r.Spec.Hash()
	require.NoError(t, err)
	name := "seeded-" + hash[:12] + ".json"
	folder := fstest.MapFS{name: {Data: data}, "README.md": {Data: []byte("words")}, "weights/a.npy": {Data: []byte("x")}}
	records, err := ReadRecords(folder)
	require.NoError(t, err)
	require.Equal(t, []experiment.Record{r}, records)

	for wrong, content := range map[string][]byte{
		"seeded-" + hash[1:13] + ".json": data,
		"other-" + hash[:12] + ".json":   data,
		"seeded.json":                    data,
		"a-b.json":                       []byte("{}"),
		"cut-off.json":                   data[:len(data)-2],
	} {
		_, err := ReadRecords(fstest.MapFS{wrong: {Data: content}})
		require.ErrorContains(t, err, wrong)
	}
}

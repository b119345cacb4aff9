package fingerprint

import (
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/experiment"
)

// cheap are the parts without the experiments' own runs, which take too long
// here: TestTrainingSees and golden/runs look at those.
func cheap() []string {
	var ids []string
	for _, id := range Parts() {
		if !strings.HasPrefix(id, "train/") || id == "train/quick-chain" {
			ids = append(ids, id)
		}
	}
	return ids
}

// Every part has the same digest for every number of workers and kernel, alone
// and among others, and no two parts have one digest.
func TestDigestsDependOnTheProgramAlone(t *testing.T) {
	ids := cheap()
	require.Greater(t, len(ids), 10)
	kernels := Kernels()
	require.Equal(t, "portable", kernels[0])
	base, err := ComputeParts(1, "portable", ids)
	require.NoError(t, err)
	require.Equal(t, 1, base.Workers)
	require.Equal(t, "portable", base.Kernel)
	seen := map[string]string{}
	for i, e := range base.Entries {
		require.Equal(t, ids[i], e.ID)
		require.Len(t, e.Digest, 64)
		require.Empty(t, seen[e.Digest], "%s has the digest of another part", e.ID)
		seen[e.Digest] = e.ID
	}
	require.Equal(t, "40cea654e6cbaa9f", Total(base.Entries)[:16], "bits changed: golden/runs/fingerprint.json tells in which part")
	for _, k := range kernels[1:] {
		other, err := ComputeParts(3, k, ids)
		require.NoError(t, err)
		require.Equal(t, base.Entries, other.Entries, "kernel %s, 3 workers", k)
	}
	alone, err := ComputeParts(0, "portable", ids[4:5])
	require.NoError(t, err)
	require.Equal(t, base.Entries[4:5], alone.Entries)
	require.Equal(t, runtime.GOMAXPROCS(0), alone.Workers)
	_, err = ComputeParts(1, "portable", []string{"nothing"})
	require.EqualError(t, err, `fingerprint "nothing": no such part`)
}

// small is a run of some milliseconds with everything that a digest sees.
func small() experiment.Spec {
	s := experiment.Default()
	s.ID, s.Length, s.Tokens, s.Steps, s.Batch, s.TestSequences = "small", 5, 2, 2, 64, 33
	s.Shifted = []string{"dirichlet:1"}
	return s
}

// A run's digest is the same for every number of workers and kernel, and another
// one for a run that differs in one bit of its rate, in its seed, its length or
// its tests. A rate that differs by one part in 2^20 moves a parameter, which the
// first step moves away from 0, by as much: no rounding hides it.
func TestTrainingSeesOneBit(t *testing.T) {
	of := func(s experiment.Spec, workers int, variant string) string {
		e, err := Training(s, workers, variant)
		require.NoError(t, err)
		require.Equal(t, "train/"+s.ID, e.ID)
		return e.Digest
	}
	base := of(small(), 1, "portable")
	for _, k := range Kernels() {
		require.Equal(t, base, of(small(), 2, k), "kernel %s, 2 workers", k)
	}
	seen := map[string]string{base: "the run itself"}
	for what, change := range map[string]func(s *experiment.Spec){
		"rate":              func(s *experiment.Spec) { s.LR = float64(s.LR * (1 + 0x1p-20)) },
		"seed":              func(s *experiment.Spec) { s.Seed ^= 1 << 40 },
		"number of steps":   func(s *experiment.Spec) { s.Steps++ },
		"number of tests":   func(s *experiment.Spec) { s.TestSequences++ },
		"list of priors":    func(s *experiment.Spec) { s.Shifted = append(s.Shifted, "dirichlet:0.7") },
		"prior of the test": func(s *experiment.Spec) { s.Shifted = []string{"dirichlet:2"} },
	} {
		s := small()
		change(&s)
		digest := of(s, 1, "portable")
		require.Empty(t, seen[digest], "a run with another %s has the digest of another run", what)
		seen[digest] = what
	}
	s := small()
	s.Steps = 0
	_, err := Training(s, 1, "portable")
	require.ErrorContains(t, err, `fingerprint "train/small": spec "small": steps = 0`)
}

// Every number of a record moves its digest; its names and its provenance do
// not.
func TestEveryNumberOfARecordCounts(t *testing.T) {
	full := func() experiment.Record {
		r, _, err := experiment.Run(t.Context(), small(), experiment.Options{Workers: 1})
		require.NoError(t, err)
		return r
	}
	of := func(r experiment.Record) string {
		d := newDigest()
		d.record(r)
		return d.hex()
	}
	base := of(full())
	next := func(v *float64) { *v = math.Nextafter(*v, math.Inf(1)) }
	for what, change := range map[string]func(r *experiment.Record){
		"curve's step":         func(r *experiment.Record) { r.Curve[0].Step++ },
		"curve's loss":         func(r *experiment.Record) { next(&r.Curve[1].Loss) },
		"curve's edge mean":    func(r *experiment.Record) { next(&r.Curve[1].EdgeMean) },
		"loss":                 func(r *experiment.Record) { next(&r.Final.Loss.Value) },
		"standard error":       func(r *experiment.Record) { next(&r.Final.Loss.StdErr) },
		"irreducible loss":     func(r *experiment.Record) { next(&r.Final.Irreducible.Value) },
		"gap":                  func(r *experiment.Record) { next(&r.Final.Gap.Value) },
		"count estimator":      func(r *experiment.Record) { next(&r.Final.Count.Value) },
		"its gap":              func(r *experiment.Record) { next(&r.Final.OverCount.Value) },
		"training's estimator": func(r *experiment.Record) { next(&r.Final.TrainingCount.Value) },
		"gap to it":            func(r *experiment.Record) { next(&r.Final.OverTraining.Value) },
		"sup error":            func(r *experiment.Record) { next(&r.Final.SupError.Value) },
		"estimator's error":    func(r *experiment.Record) { next(&r.Final.CountSup.Value) },
		"shifted loss":         func(r *experiment.Record) { next(&r.Shifted[0].Loss.Value) },
		"attention":            func(r *experiment.Record) { next(&r.Edges.Attention.Weights[0].Weight) },
		"mean attention":       func(r *experiment.Record) { next(&r.Edges.Attention.Mean) },
		"least attention":      func(r *experiment.Record) { next(&r.Edges.Attention.Min) },
		"head":                 func(r *experiment.Record) { r.Edges.Attention.Weights[0].Head++ },
		"child":                func(r *experiment.Record) { r.Edges.Attention.Weights[0].Child++ },
		"parent":               func(r *experiment.Record) { r.Edges.Attention.Weights[0].Parent++ },
		"position block":       func(r *experiment.Record) { next(&r.Edges.PositionBlock.Accuracy) },
		"no position block":    func(r *experiment.Record) { r.Edges.PositionBlock = nil },
	} {
		r := full()
		change(&r)
		require.NotEqual(t, base, of(r), what)
	}
	r := full()
	r.Spec.ID, r.Final.Prior, r.Provenance = "other", "other", experiment.Provenance{Machine: "another"}
	require.Equal(t, base, of(r))
}

// Two lists of digests differ in exactly the parts that one changed, left out or
// added, and their total tells.
func TestDifferencesNameWhatChanged(t *testing.T) {
	golden := []Entry{{"a", "1"}, {"b", "2"}, {"c", "3"}}
	require.Empty(t, Differences(golden, golden))
	for want, got := range map[string][]Entry{
		"b":                       {{"a", "1"}, {"b", "9"}, {"c", "3"}},
		"c (missing)":             {{"a", "1"}, {"b", "2"}},
		"a (missing)":             {{"b", "2"}, {"c", "3"}},
		"d (not in the golden)":   {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}},
		"abc (not in the golden)": {{"abc", "4"}, {"a", "1"}, {"b", "2"}, {"c", "3"}},
	} {
		require.Equal(t, []string{want}, Differences(golden, got))
		require.NotEqual(t, Total(golden), Total(got), want)
	}
	require.Equal(t, []string{"a (missing)", "b (missing)", "c (missing)"}, Differences(golden, nil))
	require.NotEqual(t, Total(golden), Total([]Entry{golden[1], golden[0], golden[2]}), "the order counts")
	// printf 'a=1\nb=2\nc=3\n' | sha256sum
	require.Equal(t, "b9749d58fdf3a15842b92c9b33bad1f3a9874e02e37b2d5fe1fb7bdefa963f67", Total(golden))
}

func TestThisBuildDescribesTheProgram(t *testing.T) {
	b := ThisBuild()
	require.Equal(t, runtime.Version(), b.Go)
	require.Equal(t, runtime.GOOS+"/"+runtime.GOARCH, b.System)
	require.Equal(t, len(Kernels()) > 1, b.Assembly)
}

package implaws

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/impl/fingerprint"
	"causalgrad/props"
	"pgregory.net/rapid"
)

func fingerprintLaws() []props.Law {
	needs := []props.Capability{CanFingerprint}
	return []props.Law{
		{ID: "fingerprint-machine", Source: "architecture, determinism", Needs: needs, Draws: 4, Check: fingerprintMachine,
			Sentence: "Every part has the same digest for every number of workers and kernel, alone and among others, and no two parts have one digest."},
		{ID: "fingerprint-run", Source: "architecture, determinism", Needs: needs, Draws: 10, Check: fingerprintRun,
			Sentence: "A run's digest is the same for every number of workers and kernel."},
		{ID: "fingerprint-sees-a-bit", Source: "architecture, determinism", Needs: needs, Draws: 4, Check: fingerprintBit,
			Sentence: "A run that differs in one bit of its rate, in its seed, its length or its tests has another digest."},
		{ID: "fingerprint-presets", Source: "theory.md section 7", Needs: append(needs, CanPlan), Draws: 2, Check: fingerprintPresets,
			Sentence: "Every single experiment of the paper is a part."},
		{ID: "fingerprint-compare", Source: "architecture, determinism", Needs: needs, Draws: 40, Check: fingerprintCompare,
			Sentence: "Two lists of digests differ in exactly the parts that one changed, left out or added, and their total tells."},
	}
}

// askParts lists the parts and the kernels.
func askParts(t *rapid.T, s props.Subject) (parts, kernels []string) {
	parts, kernels = s.(Fingerprinter).FingerprintParts()
	props.Demand(t, props.Case{}, len(parts) > 0 && len(kernels) > 0, "parts and kernels", "some", fmt.Sprint(parts, kernels))
	return parts, kernels
}

func askFingerprint(t *rapid.T, s props.Subject, parts []string, workers int, kernel string) []fingerprint.Entry {
	c := props.Case{}.With("--workers %d", workers).With("--kernel %s", kernel).Where("parts %v", parts)
	entries := props.Ask(t, c, "fingerprint", func() ([]fingerprint.Entry, error) { return s.(Fingerprinter).Fingerprint(parts, workers, kernel) })
	props.Demand(t, c, len(entries) == len(parts), "entries", strconv.Itoa(len(parts)), strconv.Itoa(len(entries)))
	for i, e := range entries {
		props.Demand(t, c, e.ID == parts[i] && len(e.Digest) == 64, "entry", parts[i]+" with 64 digits", fmt.Sprint(e))
	}
	return entries
}

// cheap leaves the experiments' own runs out: they take too long here, and
// fingerprint-run looks at runs.
func cheap(parts []string) []string {
	return slices.DeleteFunc(slices.Clone(parts), func(id string) bool { return strings.HasPrefix(id, "train/") && id != "train/quick-chain" })
}

func fingerprintMachine(t *rapid.T, s props.Subject) {
	parts, kernels := askParts(t, s)
	some := rapid.Permutation(cheap(parts)).Draw(t, "parts")
	b := s.(Fingerprinter).Build()
	props.Demand(t, props.Case{}, b.Go == runtime.Version() && b.System == runtime.GOOS+"/"+runtime.GOARCH && b.Assembly == (len(kernels) > 1), "build", "this one", jsonOf(b))
	base := askFingerprint(t, s, some, 1, kernels[0])
	seen := map[string]string{}
	for _, e := range base {
		props.Demand(t, props.Case{}, seen[e.Digest] == "", "digest of "+e.ID, "its own", "that of "+seen[e.Digest])
		seen[e.Digest] = e.ID
	}
	kernel, workers := rapid.SampledFrom(kernels).Draw(t, "kernel"), rapid.IntRange(0, 4).Draw(t, "workers")
	k := rapid.IntRange(0, len(some)-1).Draw(t, "alone")
	props.Equal(t, props.Case{}.With("--workers %d", workers).With("--kernel %s", kernel), "entry",
		askFingerprint(t, s, some[k:k+1], workers, kernel), base[k:k+1])
	props.Equal(t, props.Case{}.With("--workers %d", workers).With("--kernel %s", kernel), "entry", askFingerprint(t, s, some, workers, kernel), base)
	for _, wrong := range []func() error{
		func() error { _, err := s.(Fingerprinter).Fingerprint([]string{"nothing"}, 1, kernel); return err },
		func() error { _, err := s.(Fingerprinter).Fingerprint(nil, 1, "nothing"); return err },
	} {
		refuses(t, props.Case{}, "unknown part or kernel", wrong, `"nothing"`)
	}
}

func askDigest(t *rapid.T, s props.Subject, spec experiment.Spec, workers int, kernel string) string {
	c := specCase(spec).With("--workers %d", workers).With("--kernel %s", kernel)
	digest := props.Ask(t, c, "digest of a run", func() (string, error) { return s.(Fingerprinter).FingerprintRun(spec, workers, kernel) })
	props.Demand(t, c, len(digest) == 64, "digest", "64 digits", digest)
	return digest
}

func fingerprintRun(t *rapid.T, s props.Subject) {
	_, kernels := askParts(t, s)
	spec := drawSpec(t)
	base := askDigest(t, s, spec, 1, kernels[0])
	workers := rapid.IntRange(2, 4).Draw(t, "workers")
	for _, kernel := range kernels {
		got := askDigest(t, s, spec, workers, kernel)
		props.Demand(t, specCase(spec).With("--workers %d", workers).With("--kernel %s", kernel), got == base, "digest", base, got)
	}
}

// fingerprintBit: a rate that differs by one part in 2^20 moves a parameter, which
// the first step moves away from 0, by as much: no rounding hides it. A float32
// run has 2^-24, and Adam's first step is the rate times a sign up to rounding.
func fingerprintBit(t *rapid.T, s props.Subject) {
	_, kernels := askParts(t, s)
	spec := drawSpec(t)
	spec.Batch, spec.TestSequences = 64, 33
	kernel := kernels[len(kernels)-1]
	seen := map[string]string{askDigest(t, s, spec, 1, kernel): "the run itself"}
	differ := func(what string, change func(s *experiment.Spec)) {
		other := spec
		change(&other)
		digest := askDigest(t, s, other, 1, kernel)
		props.Demand(t, specCase(spec), seen[digest] == "", "digest of a run with another "+what, "its own", "that of "+seen[digest])
		seen[digest] = what
	}
	differ("rate", func(s *experiment.Spec) { s.LR = float64(s.LR * (1 + 0x1p-20)) })
	differ("seed", func(s *experiment.Spec) { s.Seed ^= 1 << 40 })
	differ("length", func(s *experiment.Spec) { s.Steps++ })
	differ("number of tests", func(s *experiment.Spec) { s.TestSequences++ })
	differ("list of priors", func(s *experiment.Spec) { s.Shifted = append(slices.Clone(s.Shifted), "dirichlet:0.7") })
}

func fingerprintPresets(t *rapid.T, s props.Subject) {
	parts, _ := askParts(t, s)
	specs, c := askPlan(t, s, "full", nil, 1)
	for _, spec := range specs {
		props.Demand(t, c, slices.Contains(parts, "train/"+spec.ID), "part train/"+spec.ID, "one", "none")
	}
	seen := map[string]bool{}
	for _, id := range parts {
		props.Demand(t, c, !seen[id], "part "+id, "once", "twice")
		seen[id] = true
	}
}

func fingerprintCompare(t *rapid.T, s props.Subject) {
	golden := make([]fingerprint.Entry, rapid.IntRange(1, 5).Draw(t, "entries"))
	for i := range golden {
		golden[i] = fingerprint.Entry{ID: "part-" + strconv.Itoa(i), Digest: hashBits([]float64{rapid.Float64().Draw(t, "number"), math.Float64frombits(uint64(i))})}
	}
	compare := func(got []fingerprint.Entry) (string, []string) {
		total, names := s.(Fingerprinter).Compare(golden, got)
		return total, names
	}
	total, names := compare(golden)
	props.Equal(t, props.Case{}, "differences of a list from itself", names, nil)
	got := slices.Clone(golden)
	i := rapid.IntRange(0, len(got)-1).Draw(t, "place")
	want := got[i].ID
	kind := rapid.SampledFrom([]string{"changed", "left out", "added"}).Draw(t, "change")
	switch kind {
	case "changed":
		got[i].Digest = hashBits([]float64{0, 1, 2})
	case "left out":
		got = slices.Delete(got, i, i+1)
	case "added":
		want = "another"
		got = slices.Insert(got, i, fingerprint.Entry{ID: want, Digest: hashBits(nil)})
	}
	c := props.Case{}.Where("entries %s, %s %s", jsonOf(golden), want, kind)
	other, names := compare(got)
	props.Demand(t, c, len(names) == 1 && strings.HasPrefix(names[0], want), "differences", want, fmt.Sprint(names))
	props.Demand(t, c, other != total, "total", "another", "the same")
}

package runs

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"causalgrad/impl/durable"
	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// writing reports whether the goldens are to be rewritten (make golden).
func writing() bool { return os.Getenv("CAUSALGRAD_GOLDEN") == "write" }

// goldenSpecs are the report's quick runs and every experiment at its quick size.
func goldenSpecs(t *testing.T) []experiment.Spec {
	t.Helper()
	specs, err := Quick()
	require.NoError(t, err)
	small, err := Plan{Size: experiment.QuickSize}.Specs()
	require.NoError(t, err)
	return append(specs, small...)
}

// inEveryTest tells the goldens that are trained anew in every run of the tests:
// one head and two, three tokens and five. The fingerprint, which every run of the
// tests compares too, trains all presets for a few steps.
func inEveryTest(id string) bool {
	return slices.Contains([]string{"many-graphs-03", "multi-parent"}, id)
}

// TestGoldenQuickRuns trains the quick runs and compares every bit of their
// records: all of them under CAUSALGRAD_GOLDEN=all, as make nightly asks.
// Under CAUSALGRAD_GOLDEN=write it rewrites the files and shows what changed.
func TestGoldenQuickRuns(t *testing.T) {
	if writing() && os.Getenv("CI") != "" {
		t.Fatal("CAUSALGRAD_GOLDEN=write is refused where CI is set")
	}
	specs := goldenSpecs(t)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0)) // one run a processor
	for _, s := range specs {
		t.Run(s.ID, func(t *testing.T) {
			if !inEveryTest(s.ID) && os.Getenv("CAUSALGRAD_GOLDEN") == "" {
				t.Skip("trained by make nightly; the fingerprint trains its experiment for a few steps")
			}
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			record, _, err := experiment.Run(context.Background(), s, experiment.Options{Workers: 1})
			require.NoError(t, err)
			now, err := Encode(record)
			require.NoError(t, err)
			golden, err := os.ReadFile(filepath.FromSlash(fileName(s.ID)))
			if writing() && os.IsNotExist(err) {
				golden, err = []byte("{}"), nil
			}
			require.NoError(t, err)
			differences, err := Compare(golden, now)
			require.NoError(t, err)
			switch {
			case len(differences) == 0:
			case writing():
				require.NoError(t, durable.WriteFile(filepath.FromSlash(fileName(s.ID)), now))
				t.Logf("%s rewritten:\n%s", s.ID, Text(differences))
			default:
				t.Errorf("%s is not the golden run; make golden accepts the change:\n%s", s.ID, Text(differences))
			}
		})
	}
}

// TestGoldenFiles: each file is a record of the spec that it stands for.
func TestGoldenFiles(t *testing.T) {
	specs := goldenSpecs(t)
	if writing() {
		t.Skip("the embedded files are those before this rewriting")
	}
	for _, s := range specs {
		r, err := Golden(s.ID)
		require.NoError(t, err)
		require.Equal(t, s, r.Spec)
	}
	_, err := Golden("no-such-run")
	require.ErrorContains(t, err, `"no-such-run"`)
}

// TestCompare: a difference is named by its path, with its size relative to
// the golden value and in the golden's own standard errors.
func TestCompare(t *testing.T) {
	golden := []byte(`{"final": {"loss": {"value": 0.5, "stderr": 0.01}}, "list": [1, 2], "name": "a", "gone": null}`)
	same, err := Compare(golden, []byte(`{"name":"a","gone":null,"list":[1.0,2e0],"final":{"loss":{"stderr":0.01,"value":0.5}}}`))
	require.NoError(t, err)
	require.Empty(t, same)

	now := []byte(`{"final": {"loss": {"value": 0.5000000000000001, "stderr": 0.01}}, "list": [1], "name": "b", "new": 1}`)
	got, err := Compare(golden, now)
	require.NoError(t, err)
	require.Len(t, got, 5)
	require.Equal(t, "final.loss.value", got[0].Path)
	require.Equal(t, math.Nextafter(0.5, 1)-0.5, 0.5*got[0].Relative)
	require.Equal(t, (math.Nextafter(0.5, 1)-0.5)/0.01, got[0].StandardErrs)
	for i, want := range []Difference{{Path: "gone", Golden: "null", Now: "absent"}, {Path: "list[1]", Golden: "2", Now: "absent"},
		{Path: "name", Golden: `"a"`, Now: `"b"`}, {Path: "new", Golden: "absent", Now: "1"}} {
		got := got[i+1]
		require.Equal(t, want, Difference{Path: got.Path, Golden: got.Golden, Now: got.Now})
		require.True(t, math.IsNaN(got.Relative) && math.IsNaN(got.StandardErrs))
	}
	require.Contains(t, Text(got), "1.1e-14") // half an epsilon in units of 0.01

	_, err = Compare([]byte("{"), golden)
	require.ErrorContains(t, err, "golden: ")
	_, err = Compare(golden, []byte("{} {}"))
	require.ErrorContains(t, err, "now: ")
}

// TestText prints the first differences and counts the rest.
func TestText(t *testing.T) {
	many := make([]Difference, shown+3)
	require.Contains(t, Text(many), "and 3 more\n")
	require.NotContains(t, Text(many[:shown]), "more")
}

package conform

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/props"
	"causalgrad/props/outcome"
)

// python is an interpreter that can import a module: the one that
// CAUSALGRAD_PYTHON names, else python3. Without one the test is skipped.
func python(t *testing.T, module string) string {
	t.Helper()
	name := os.Getenv("CAUSALGRAD_PYTHON")
	if name == "" {
		name = "python3"
	}
	if out, err := exec.Command(name, "-c", "import "+module).CombinedOutput(); err != nil {
		t.Skipf("%s cannot import %s (%v %s): set CAUSALGRAD_PYTHON to an interpreter that can", name, module, err, excerpt(out))
	}
	return name
}

// TestAdapter runs the laws on the example adapter, one draw each, but those
// that take few draws because each costs a large sample: make test-adapters
// runs them all, on every adapter.
func TestAdapter(t *testing.T) {
	s, err := Start(context.Background(), []string{python(t, "numpy"), filepath.Join("adapters", "numpy_theory.py")},
		Options{Timeout: DefaultStartTimeout, Note: func(line string) { t.Error(line) }})
	require.NoError(t, err)
	defer s.Close()
	laws := slices.DeleteFunc(props.All(), func(l props.Law) bool { return l.Draws > 0 && l.Draws < 20 })
	passed := 0
	for _, r := range props.Run(laws, s, props.Options{Draws: 1, Workers: 2}) {
		require.Contains(t, []outcome.Verdict{outcome.Passed, outcome.NotApplicable}, r.Verdict, r.String())
		if r.Verdict == outcome.Passed {
			passed++
		}
	}
	require.Greater(t, passed, 60, "laws that the adapter can be asked about")
}

package kernel

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEnvironmentForcesAVariant runs this test binary again under each value:
// the variable is read at start-up.
func TestEnvironmentForcesAVariant(t *testing.T) {
	if os.Getenv("CAUSALGRAD_KERNEL_CHILD") != "" {
		_, err := os.Stdout.WriteString("name=" + Name() + ";")
		require.NoError(t, err)
		if Err() != nil {
			_, err = os.Stdout.WriteString(Err().Error())
			require.NoError(t, err)
		}
		return
	}
	best := Available()[len(Available())-1]
	for value, want := range map[string]string{
		"":         "name=" + best + ";",
		"portable": "name=portable;",
		best:       "name=" + best + ";",
		"avx1024":  "name=" + best + `;CAUSALGRAD_KERNEL: kernel "avx1024": unknown, want "portable", "avx2" or "avx512"`,
	} {
		child := exec.Command(os.Args[0], "-test.run=TestEnvironmentForcesAVariant")
		child.Env = append(os.Environ(), "CAUSALGRAD_KERNEL_CHILD=1", Variable+"="+value)
		out, err := child.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), want)
		if value != "avx1024" {
			require.NotContains(t, string(out), "unknown")
		}
	}
}

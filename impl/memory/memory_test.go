package memory

import (
	"math"
	"runtime/debug"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

func TestAvailableIsTheLeastOfMachineAndGroups(t *testing.T) {
	const machine = "MemTotal:       24000000 kB\nMemAvailable:   19000000 kB\n"
	for name, c := range map[string]struct {
		root fstest.MapFS
		want float64
	}{
		"another system": {files(), math.Inf(1)},
		"no number":      {files("proc/meminfo", "MemAvailable:\n"), math.Inf(1)},
		"no groups":      {files("proc/meminfo", machine), 19e6 * 1024},
		"no limit":       {files("proc/meminfo", machine, "proc/self/cgroup", "0::/a/b\n", "sys/fs/cgroup/a/memory.max", "max\n", "sys/fs/cgroup/a/memory.current", "5\n"), 19e6 * 1024},
		"a limit above": {files("proc/meminfo", machine, "proc/self/cgroup", "0::/a/b\n",
			"sys/fs/cgroup/a/memory.max", "8000\n", "sys/fs/cgroup/a/memory.current", "5000\n", "sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file 700\n",
			"sys/fs/cgroup/a/b/memory.max", "9000\n", "sys/fs/cgroup/a/b/memory.current", "1000\n"), 3700},
		"the root's": {files("proc/self/cgroup", "0::/\n", "sys/fs/cgroup/memory.max", "8000\n", "sys/fs/cgroup/memory.current", "9000\n"), 0},
		"version 1": {files("proc/self/cgroup", "4:cpu,memory:/x\n1:name=systemd:/x\n", "sys/fs/cgroup/memory/x/memory.limit_in_bytes", "100\n",
			"sys/fs/cgroup/memory/x/memory.usage_in_bytes", "40\n", "sys/fs/cgroup/memory/x/memory.stat", "total_inactive_file 3\n"), 63},
	} {
		require.Equal(t, c.want, availableIn(c.root), name)
	}
	require.Positive(t, Available())
}

// TestGoLimitLeavesWhatIsNotUsed: no less than nothing, and without a limit all.
func TestGoLimitLeavesWhatIsNotUsed(t *testing.T) {
	was := debug.SetMemoryLimit(math.MaxInt64)
	defer debug.SetMemoryLimit(was)
	require.Equal(t, math.Inf(1), leftOfLimit())
	const limit = 1 << 50 // far above what is in use
	debug.SetMemoryLimit(limit)
	require.Less(t, leftOfLimit(), float64(limit))
	require.Greater(t, leftOfLimit(), float64(limit)/2)
	debug.SetMemoryLimit(1)
	require.Zero(t, leftOfLimit())
	require.Zero(t, Available())
}

func TestPlanRefusesWithTheEstimate(t *testing.T) {
	require.NoError(t, plan(8e9, 8e9, ""))
	require.EqualError(t, plan(11.2e9, 8.04e9, "--draws at most 5"), "needs about 11 GB of memory, 8.0 GB are available: --draws at most 5")
	require.NoError(t, plan(1e300, math.Inf(1), ""))
	require.Equal(t, []string{"9.9 GB", "10 GB"}, []string{gigabytes(9.94e9), gigabytes(9.95e9)})
	require.Error(t, Plan(1e30, ""))
}

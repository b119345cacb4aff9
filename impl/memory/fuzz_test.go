package memory

import (
	"testing"
	"testing/fstest"
)

// FuzzAvailable: whatever the system's files say, asking them ends.
func FuzzAvailable(f *testing.F) {
	f.Add("MemAvailable: 1024 kB\n", "0::/a/b\n5:memory:/c\n", "max\n")
	f.Add("MemAvailable:", "0::../..//\n::\n", "-1")
	f.Fuzz(func(_ *testing.T, meminfo, groups, limit string) {
		files := fstest.MapFS{}
		for name, text := range map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": groups, "sys/fs/cgroup/a/memory.max": limit,
			"sys/fs/cgroup/a/memory.current": limit, "sys/fs/cgroup/memory.max": limit} {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		availableIn(files)
	})
}

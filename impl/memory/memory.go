// Package memory plans what a computation takes before it takes it: what the
// machine, the control groups of the process and Go's own limit have left, and a refusal with
// the estimate where that is not enough.
//
// It allocates nothing and frees nothing.
package memory

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

// Plan refuses a computation that needs more bytes than are available; hint says
// what makes it smaller. Where nobody knows what is available, all is.
func Plan(need float64, hint string) error {
	return plan(need, Available(), hint)
}

func plan(need, available float64, hint string) error {
	if need <= available {
		return nil
	}
	return fmt.Errorf("needs about %s of memory, %s are available: %s", gigabytes(need), gigabytes(available), hint)
}

func gigabytes(bytes float64) string {
	if g := bytes / 1e9; g < 9.95 {
		return fmt.Sprintf("%.1f GB", g)
	}
	return fmt.Sprintf("%.0f GB", bytes/1e9)
}

// Available is how many bytes the process may still take: the least of what
// Linux says is free, what every control group above it leaves, and what Go's
// own limit (GOMEMLIMIT) leaves; infinite where there is none of them.
func Available() float64 { return math.Min(availableIn(os.DirFS("/")), leftOfLimit()) }

// leftOfLimit is what GOMEMLIMIT leaves, which anybody may set.
func leftOfLimit() float64 {
	limit := debug.SetMemoryLimit(-1) // asks
	if limit == math.MaxInt64 {
		return math.Inf(1)
	}
	var used runtime.MemStats
	runtime.ReadMemStats(&used)
	return math.Max(float64(limit)-float64(used.HeapAlloc), 0)
}

func availableIn(root fs.FS) float64 {
	least := math.Inf(1)
	if kilobytes, ok := field(root, "proc/meminfo", "MemAvailable:"); ok {
		least = 1024 * kilobytes
	}
	groups, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return least
	}
	for line := range strings.Lines(string(groups)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		switch {
		case parts[1] == "":
			least = math.Min(least, left(root, "sys/fs/cgroup", parts[2], "memory.max", "memory.current", "inactive_file"))
		case strings.Contains(parts[1], "memory"):
			least = math.Min(least, left(root, "sys/fs/cgroup/memory", parts[2],
				"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"))
		}
	}
	return least
}

// left is the least of what a group and those above it leave: their limit less
// their use, but for files that can be read again.
func left(root fs.FS, mount, group, limit, use, cached string) float64 {
	least := math.Inf(1)
	for group = path.Clean("/" + group); ; group = path.Dir(group) {
		folder := strings.TrimSuffix(mount+group, "/")
		most, ok := number(root, path.Join(folder, limit))
		used, okUsed := number(root, path.Join(folder, use))
		if ok && okUsed {
			files, _ := field(root, path.Join(folder, "memory.stat"), cached)
			least = math.Min(least, math.Max(most-used+files, 0))
		}
		if group == "/" {
			return least
		}
	}
}

// number reads a file of one number; "max" is none.
func number(root fs.FS, name string) (float64, bool) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(bytes.TrimSpace(text)), 64)
	return v, err == nil
}

// field reads the number after a name at the beginning of a line.
func field(root fs.FS, file, name string) (float64, bool) {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return 0, false
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if words := strings.Fields(lines.Text()); len(words) > 1 && words[0] == name {
			v, err := strconv.ParseFloat(words[1], 64)
			return v, err == nil
		}
	}
	return 0, false
}

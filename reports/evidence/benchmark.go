package evidence

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Benchmarks is a file in the Go benchmark format, as `go test -bench` prints it
// and benchstat reads it.
type Benchmarks struct {
	// Machine is the file's "machine:" line, else its "cpu:" line.
	Machine string
	// Notes are the file's "note:" lines: how it was measured.
	Notes  []string
	values map[string][]float64 // "Name|unit" -> one value a repetition; only looked up
	names  []string             // in order of appearance
}

// ParseBenchmarks reads such a file. The processor count behind a name is cut
// off; a line that begins like a result and is none is an error.
func ParseBenchmarks(text string) (Benchmarks, error) {
	b := Benchmarks{values: map[string][]float64{}}
	for number, line := range strings.Split(text, "\n") {
		if machine, ok := strings.CutPrefix(line, "machine: "); ok {
			b.Machine = machine
		} else if note, ok := strings.CutPrefix(line, "note: "); ok {
			b.Notes = append(b.Notes, note)
		} else if cpu, ok := strings.CutPrefix(line, "cpu: "); ok && b.Machine == "" {
			b.Machine = cpu
		}
		fields := strings.Fields(line)
		if len(fields) == 0 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		if len(fields) < 4 || len(fields)%2 != 0 {
			return b, fmt.Errorf("line %d: %q, want a name, a count and pairs of value and unit", number+1, line)
		}
		name := withoutProcessors(strings.TrimPrefix(fields[0], "Benchmark"))
		if !slices.Contains(b.names, name) {
			b.names = append(b.names, name)
		}
		for i := 2; i < len(fields); i += 2 {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil || math.IsNaN(v) || math.IsInf(v, 0) { // no rank test ends on NaN
				return b, fmt.Errorf("line %d: value %q, want a finite number", number+1, fields[i])
			}
			key := name + "|" + fields[i+1]
			b.values[key] = append(b.values[key], v)
		}
	}
	if len(b.names) == 0 {
		return b, fmt.Errorf("no line begins with Benchmark")
	}
	return b, nil
}

// withoutProcessors cuts the "-2" off "Step/S=3-2".
func withoutProcessors(name string) string {
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			return name[:i]
		}
	}
	return name
}

// Median is the median over the repetitions; ok tells whether there is any.
func (b Benchmarks) Median(name, unit string) (v float64, ok bool) {
	values := slices.Clone(b.values[name+"|"+unit])
	if len(values) == 0 {
		return 0, false
	}
	slices.Sort(values)
	half := len(values) / 2
	if len(values)%2 == 1 {
		return values[half], true
	}
	return (values[half-1] + values[half]) / 2, true
}

// WithPrefix lists the names that begin so, in order.
func (b Benchmarks) WithPrefix(prefix string) []string {
	var names []string
	for _, n := range b.names {
		if strings.HasPrefix(n, prefix) {
			names = append(names, n)
		}
	}
	return names
}

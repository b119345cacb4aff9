package evidence

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/golden/runs"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

const (
	blockStart = "<!-- speed: make bench-table -->\n"
	blockEnd   = "<!-- end -->\n"
)

// TestGoldenSpeedTable: golden/README.md shows the tables of the measured file.
// CAUSALGRAD_GOLDEN=write rewrites them.
func TestGoldenSpeedTable(t *testing.T) {
	b, err := ParseBenchmarks(runs.Benchmarks())
	require.NoError(t, err)
	scaling, err := b.ScalingTable()
	require.NoError(t, err)
	var out bytes.Buffer
	beside, err := runs.OfficialComparison()
	require.NoError(t, err)
	official, err := runs.ReadRecords(os.DirFS(filepath.Join("..", "..", "golden", "runs", "full")))
	require.NoError(t, err)
	require.NoError(t, table.RenderAll(&out, table.FormatMarkdown, []table.Table{OfficialSpeedTable(beside, OfficialSpeeds(beside)), b.StepTable(), RunTimeTable(official), b.PartTable(), scaling}))
	name := filepath.Join("..", "..", "golden", "README.md")
	readme, err := os.ReadFile(name)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(readme), blockStart)
	require.True(t, found, "golden/README.md has no line %q", blockStart)
	block, after, found := strings.Cut(rest, blockEnd)
	require.True(t, found, "golden/README.md has no line %q", blockEnd)
	if os.Getenv("CAUSALGRAD_GOLDEN") == "write" {
		require.NoError(t, os.WriteFile(name, []byte(before+blockStart+out.String()+blockEnd+after), 0o644))
		return
	}
	want, got := strings.Split(out.String(), "\n"), strings.Split(block, "\n")
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			t.Fatalf("golden/README.md's speed tables are not those of the records; make bench-table rewrites them. The first line that differs:\n%s\nand is there:\n%s", want[i], got[i])
		}
	}
	require.Len(t, got, len(want), "lines of golden/README.md's speed tables; make bench-table rewrites them")
}

// A time keeps four digits and needs no exponent.
func TestNanoseconds(t *testing.T) {
	for want, v := range map[string]float64{"1.063 ns": 1.0634, "853.6 ns": 853.6, "9999 ns": 9999.4, "10.00 µs": 9999.6, "11.00 µs": 1.1e4, "189.3 µs": 1.893e5, "17.06 ms": 1.706e7, "12.00 s": 1.2e10} {
		require.Equal(t, want, nanoseconds(v))
	}
}

func TestParseBenchmarks(t *testing.T) {
	b, err := ParseBenchmarks(`machine: two cores
note: quiet
cpu: ignored
BenchmarkStep/S=3,T=20,heads=1-1-2   10   3 ns/op   1.5 ms/step
BenchmarkStep/S=3,T=20,heads=1-1-2   10   3 ns/op   0.5 ms/step
BenchmarkStep/S=3,T=20,heads=1-1-2   10   3 ns/op   9 ms/step
BenchmarkExp   10   3 ns/op
PASS
`)
	require.NoError(t, err)
	require.Equal(t, "two cores", b.Machine)
	require.Equal(t, []string{"quiet"}, b.Notes)
	require.Equal(t, []string{"Step/S=3,T=20,heads=1-1", "Exp"}, b.WithPrefix(""))
	v, ok := b.Median("Step/S=3,T=20,heads=1-1", "ms/step")
	require.True(t, ok)
	require.Equal(t, 1.5, v)
	_, ok = b.Median("Exp", "ms/step")
	require.False(t, ok)
	for text, says := range map[string]string{
		"":                                "Benchmark",
		"BenchmarkX 3 4":                  "line 1",
		"ok\nBenchmarkX-2 3 four ns/op":   `"four"`,
		"BenchmarkX-2 3 4 ns/op 5 B/op x": "line 1",
	} {
		_, err := ParseBenchmarks(text)
		require.ErrorContains(t, err, says)
	}
}

// TestTargetsAreJudged: a vector variant that is not fast enough beside plain gonum fails.
func TestTargetsAreJudged(t *testing.T) {
	for line, want := range map[string]verdict.Verdict{
		"BenchmarkGradient/avx2/S=3-2 10 3 ns/sequence 61 x_dense 24 pct_fma":   verdict.Pass,
		"BenchmarkGradient/avx2/S=3-2 10 3 ns/sequence 59 x_dense 26 pct_fma":   verdict.Fail,
		"BenchmarkGradient/avx512/S=3-2 10 3 ns/sequence 59 x_dense 20 pct_fma": verdict.Fail,
	} {
		b, err := ParseBenchmarks(line)
		require.NoError(t, err)
		require.Equal(t, want, at(t, b.PartTable(), 0, "verdict").Verdict(), line)
	}
}

package evidence

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParseBenchmarks: any text is benchmarks of which tables can be made, or an
// error of one line.
func FuzzParseBenchmarks(f *testing.F) {
	for _, text := range []string{"machine: m\nBenchmarkStep/S=3-2 1 2 ns/op\nBenchmarkStep/S=3-2 1 3 ns/op\n", "BenchmarkX 1 NaN ns/op", "Benchmark 1 2", "cpu: x\n", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBenchmarks(text)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		_, _, _ = b.StepTable(), b.PartTable(), b.ChangeTable(b)
	})
}

// FuzzDocuments: any text is a recorded result of one kind, of which tables can be
// made, or an error.
func FuzzDocuments(f *testing.F) {
	for _, text := range []string{`{"schema":"` + ConformSchema + `","subject":"a","laws":[{"id":"x"}]}`, `{"schema":"` + ScaleSchema + `","points":[{}]}`,
		`{"schema":"` + LadderSchema + `","ladders":[{}]}`, `{"schema":"` + HeadSchema + `","runs":[{}]}`, `{"schema":1}`, `[]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := ReadConformance("file", data); err == nil {
			_, _, err := CompareConformance([]Conformance{c}, false)
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, "file")
		}
		for _, err := range []error{second(ReadScales(data)), second(RecordedLadders(data)), second(RecordedHeads(data))} {
			if err != nil {
				require.NotContains(t, err.Error(), "\n")
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

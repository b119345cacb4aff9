package necessity

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzCounterexample: any texts are a candidate with a square chain of ratios, or an
// error.
func FuzzCounterexample(f *testing.F) {
	f.Add("parents:-1,0", "[[2/3,1/3],[1/3,2/3]]", "1,1", 3)
	f.Add("chain", "[[1/0,x]]", "1/2,-1", 4)
	f.Add("dag:[[]]", "[[]]", "", -1)
	f.Fuzz(func(t *testing.T, forest, ratios, roots string, length int) {
		c := Counterexample{Forest: forest, Length: min(length, 64), Construction: Point, Ratios: ratios, Roots: roots}
		if len(forest)+len(ratios)+len(roots) > 200 {
			t.Skip("large numbers")
		}
		_, rows, err := c.parse()
		if err != nil {
			return
		}
		for _, row := range rows {
			require.Len(t, row, len(rows))
		}
	})
}

package props

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestBuiltin runs every law on this project's own implementation, as a user's
// test does on theirs. A run of all laws meets each hypothesis, and misses it,
// often enough for a pass to mean something.
func TestBuiltin(t *testing.T) {
	laws := All()
	test(t, Builtin(), Capabilities(), func(results []Result) {
		for _, r := range results {
			if r.Verdict == Passed {
				assert.Equal(t, Options{Draws: r.Asked}.draws(r.Law), r.Draws, "draws of %s", r.Law.ID)
			}
		}
		if t.Failed() || len(results) < len(laws) || results[0].Asked < DefaultDraws {
			t.Log("coverage is not judged: that takes a pass of all laws at the default number of draws")
			return
		}
		for _, c := range Coverage(results) {
			t.Logf("%-22s met %5d, not met %5d", c.ID, c.Met, c.NotMet)
			assert.True(t, c.Enough, "%s: met %d (least %d), not met %d (least %d)", c.ID, c.Met, c.LeastMet, c.NotMet, c.LeastNotMet)
		}
		for _, c := range Classes(results) {
			t.Logf("%-12s %-20s %5d", c.Kind, c.Class, c.Draws)
		}
	})
}

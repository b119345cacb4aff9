package props

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"causalgrad/props/outcome"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBuiltin runs every law on this project's own implementation, as a user's
// test does on theirs. A run of all laws meets each hypothesis, and misses it,
// often enough for a pass to mean something.
func TestBuiltin(t *testing.T) {
	laws := All()
	test(t, Builtin(), Capabilities(), func(results []Result) {
		for _, r := range results {
			if r.Verdict == outcome.Passed {
				assert.Equal(t, Options{Draws: r.Asked}.draws(r.Law), r.Draws, "draws of %s", r.Law.ID)
			}
		}
		if t.Failed() || len(results) < len(laws) || results[0].Asked < DefaultDraws {
			t.Log("coverage is not judged: that takes a pass of all laws at the default number of draws")
			return
		}
		var met outcome.Counts
		for _, r := range results {
			met.Add(r.Met)
		}
		for _, c := range met.Conditions() {
			t.Logf("%-22s met %5d, not met %5d", c.ID, c.Met, c.NotMet)
			assert.True(t, c.Enough(), "%s: met %d (least %d), not met %d (least %d)", c.ID, c.Met, c.LeastMet, c.NotMet, c.LeastNotMet)
		}
		for _, c := range met.Classes() {
			t.Logf("%-12s %-20s %5d", c.Kind, c.Class, c.Draws)
		}
	})
}

// TestSourcesCanBeOpened: where a law says that its claim stands there is a
// section of that number, and what it names there occurs in it.
func TestSourcesCanBeOpened(t *testing.T) {
	text, err := os.ReadFile("../theory/README.md")
	require.NoError(t, err)
	sections := map[string]string{}
	for _, part := range strings.Split(string(text), "\n## ")[1:] {
		number, _, _ := strings.Cut(part, ".")
		sections[number] = strings.ToLower(part)
	}
	for _, l := range All() {
		if l.Source == "README.md, Determinism" {
			continue
		}
		where, found := strings.CutPrefix(l.Source, "theory/README.md, ")
		require.True(t, found, "%s: %s", l.ID, l.Source)
		for _, one := range strings.Split(where, "; ") {
			m := citation.FindStringSubmatch(one)
			require.NotNil(t, m, "%s: %q", l.ID, one)
			for _, number := range []string{m[1], m[2]} {
				require.True(t, number == "" || sections[number] != "", "%s: there is no section %s", l.ID, number)
			}
			for _, fact := range []string{m[3], m[4]} {
				require.True(t, fact == "" || strings.Contains(sections[m[1]], "\n"+fact+". "), "%s: section %s has no fact %s", l.ID, m[1], fact)
			}
			require.True(t, strings.Contains(sections[m[1]], strings.ToLower(m[5])), "%s: section %s does not name %s", l.ID, m[1], m[5])
		}
	}
}

// citation is "section 3", "sections 2 and 3", "section 3, facts 4 and 5" or
// "section 1, priors".
var citation = regexp.MustCompile(`^sections? (\d+)(?: and (\d+))?(?:, (?:facts? (\d+)(?: and (\d+))?|(.+)))?$`)

// coarse is the built-in subject in an arithmetic of about seven bits fewer than single precision.
type coarse struct{ builtin }

func (coarse) Roundoff() float64 { return 0x1p-17 }

// Where rounding may be as large as what is compared, a law that passed would say
// nothing: such draws are left out and counted, and a law with no other is not tried.
func TestTolerancesThatHideAMistakeDoNotPass(t *testing.T) {
	for _, id := range []string{"data-processing", "first-step-definition", "stationary-balance"} {
		law, ok := Find(id)
		require.True(t, ok, id)
		fine := Run([]Law{law}, builtin{}, Options{})[0]
		require.Equal(t, outcome.Passed, fine.Verdict, id)
		rough := Run([]Law{law}, coarse{}, Options{})[0]
		hidden := 0
		for _, l := range rough.LeftOut {
			if strings.Contains(l.Reason, "nearly reducible") {
				hidden += l.Draws
			}
		}
		require.Positive(t, hidden, id)
	}
}

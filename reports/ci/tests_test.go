package ci

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"causalgrad/props"
	"causalgrad/props/outcome"
	"causalgrad/reports/evidence"

	"github.com/stretchr/testify/require"
)

// said is what `go test -json` prints of a package with a failing, a passing and a
// skipped test, of one that does not build and of one that was killed, between lines of make.
const said = `go vet ./...
{"Action":"start","Package":"a"}
{"Action":"run","Package":"a","Test":"TestX"}
{"Action":"output","Package":"a","Test":"TestX","Output":"wrong\n"}
{"Action":"fail","Package":"a","Test":"TestX","Elapsed":0.5}
{"Action":"run","Package":"a","Test":"TestY"}
{"Action":"pass","Package":"a","Test":"TestY","Elapsed":0.1}
{"Action":"run","Package":"a","Test":"TestZ"}
{"Action":"output","Package":"a","Test":"TestZ","Output":"no sh\n"}
{"Action":"skip","Package":"a","Test":"TestZ"}
{"Action":"fail","Package":"a","Elapsed":2}
{"Action":"start","Package":"b"}
{"Action":"output","Package":"b","Output":"FAIL b [build failed]\n"}
{"Action":"fail","Package":"b"}
{"Action":"start","Package":"c"}
{"Action":"run","Package":"c","Test":"TestSlow"}
{"Action":"start","Package":"d"}
{"Action":"pass","Package":"d","Elapsed":7}
FAIL
`

func TestTestsAsJUnit(t *testing.T) {
	run, err := ReadTests(strings.NewReader(said))
	require.NoError(t, err)
	require.True(t, run.Failed())
	var out bytes.Buffer
	require.NoError(t, run.JUnit(&out))
	var got suites
	require.NoError(t, xml.Unmarshal(out.Bytes(), &got))
	var counts [][3]int
	failures := map[string]message{}
	for _, s := range got.Suites {
		require.Len(t, s.Cases, s.Tests)
		counts = append(counts, [3]int{s.Tests, s.Failures, s.Skipped})
		for _, c := range s.Cases {
			if c.Failure != nil {
				failures[c.Class+" "+c.Name] = *c.Failure
			}
		}
	}
	require.Equal(t, [][3]int{{3, 1, 1}, {1, 1, 0}, {1, 1, 0}, {0, 0, 0}}, counts)
	require.Equal(t, map[string]message{"a TestX": {"failed", "wrong\n"}, "b (package)": {"failed", "FAIL b [build failed]\n"},
		"c TestSlow": {"did not end", ""}}, failures)
}

// A file whose beginning is lost still says which package failed.
func TestAFailingPackageWithoutItsBeginning(t *testing.T) {
	run, err := ReadTests(strings.NewReader(`{"Action":"run","Package":"a","Test":"TestX"}
{"Action":"pass","Package":"a","Test":"TestX"}
{"Action":"fail","Package":"a"}`))
	require.NoError(t, err)
	require.True(t, run.Failed())
}

func TestSummaryOfTestsFitsAScreen(t *testing.T) {
	many := said
	for i := range 30 {
		name := strings.Repeat("x", i+1)
		many += `{"Action":"run","Package":"e","Test":"` + name + `"}` + "\n" + `{"Action":"fail","Package":"e","Test":"` + name + `"}` + "\n"
	}
	run, err := ReadTests(strings.NewReader(many))
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run.Summary(&out))
	require.Contains(t, out.String(), "\n1 passed, 33 failed, 1 skipped in 5 packages\n")
	require.Contains(t, out.String(), "- <code>a TestX</code> failed\n")
	require.Contains(t, out.String(), "- and 23 more\n")
	require.Contains(t, out.String(), "\nLongest: d 7.0 s, a 2.0 s,")
	require.Less(t, strings.Count(out.String(), "\n"), 24)
}

func TestWhatIsNoRunOfTestsIsRefused(t *testing.T) {
	for text, want := range map[string]string{"": "no event", "ok a 0.1s\n": "no event", "{\"Action\":3}\n": "is no event"} {
		_, err := ReadTests(strings.NewReader(text))
		require.ErrorContains(t, err, want)
	}
}

// Only a law that passed has a case that does.
func TestLawsAsJUnit(t *testing.T) {
	law := func(id string, v outcome.Verdict) evidence.LawOutcome {
		return evidence.LawOutcome{Result: props.Result{Law: props.Law{ID: id, Sentence: "S."}, Verdict: v, Message: "why"}}
	}
	failed := law("b", outcome.Failed)
	failed.Failure = &evidence.Failure{Counterexample: outcome.Counterexample{Kind: outcome.Refusal, Case: "chain"}, Replay: "causalgrad conform --law b"}
	lacking := law("c", outcome.NotApplicable)
	lacking.Missing, lacking.Message = props.CanTrain, ""
	c := evidence.Conformance{Subject: "mine", Unjudged: 2, Laws: []evidence.LawOutcome{law("a", outcome.Passed), failed,
		lacking, law("d", outcome.NotTried), law("e", outcome.Error)}}
	var out bytes.Buffer
	require.NoError(t, Laws(&out, c))
	var got suites
	require.NoError(t, xml.Unmarshal(out.Bytes(), &got))
	s := got.Suites[0]
	require.Equal(t, "laws on mine", s.Name)
	require.Equal(t, [3]int{6, 3, 2}, [3]int{s.Tests, s.Failures, s.Skipped})
	require.Nil(t, s.Cases[0].Failure)
	require.Contains(t, s.Cases[1].Failure.Text, "case:     chain")
	require.Contains(t, s.Cases[1].Failure.Text, "replay: causalgrad conform --law b")
	require.Contains(t, s.Cases[1].Failure.Text, "kind:     refusal")
	require.NotContains(t, s.Cases[1].Failure.Text, "hint")
	require.Equal(t, "no capability train", s.Cases[2].Skipped.Message)
	require.Equal(t, "why", s.Cases[3].Skipped.Message)
	require.Equal(t, "why", s.Cases[4].Failure.Text)
	require.Contains(t, s.Cases[5].Failure.Message, "stopped before 2 laws")
}

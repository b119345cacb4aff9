package ci

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/reports/page"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

func entry(id string, v verdict.Verdict) page.Entry {
	return page.Entry{ID: id, Statement: "k < i & a|b at 5%.", Where: "lemma", Kind: "exact", Certainty: "derived", Verdict: v,
		Numbers: "margin\x00 0.1(2)\nnext", Line: "k < i at 5%", Command: "causalgrad check --graph 'a|b'"}
}

func ledger() []page.Entry {
	return []page.Entry{entry("a", verdict.Holds), entry("b", verdict.Fails), entry("c", verdict.Partly), entry("d", verdict.Undecided), entry("e", verdict.NotRun)}
}

func TestJUnitNeverPassesWhatDoesNotHold(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, JUnit(&out, ledger()))
	var got suites
	require.NoError(t, xml.Unmarshal(out.Bytes(), &got))
	require.Equal(t, [4]int{5, 1, 0, 3}, [4]int{got.Suites[0].Tests, got.Suites[0].Failures, got.Suites[0].Errors, got.Suites[0].Skipped})
	passes := 0
	for i, c := range got.Suites[0].Cases {
		require.Equal(t, ledger()[i].ID, c.Name)
		if c.Failure == nil && c.Skipped == nil {
			passes++
			require.Equal(t, "a", c.Name)
		}
	}
	require.Equal(t, 1, passes)
	require.Equal(t, "k < i & a|b at 5%. margin 0.1(2)\nnext", got.Suites[0].Cases[1].Failure.Message)
	require.Equal(t, "reproduce: causalgrad check --graph 'a|b'", got.Suites[0].Cases[1].Failure.Text)
	require.Equal(t, "not run", got.Suites[0].Cases[4].Skipped.Message)
}

func TestSummaryListsFailuresFirst(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, Summary(&out, ledger()))
	lines := strings.Split(out.String(), "\n")
	require.Equal(t, "1 hold, 1 fail, 3 partly, undecided or not run", lines[2])
	require.Equal(t, `| fails | **b** k &lt; i at 5% | <code>causalgrad check --graph 'a&#124;b'</code> |`, lines[6])
	require.Equal(t, "<details><summary>claims that hold: 1</summary>", lines[11], "which fold away")
	require.True(t, strings.HasPrefix(lines[15], "| holds |"))
}

func TestSummaryStaysBelowTheLimitAndSaysSo(t *testing.T) {
	long := entry("long", verdict.Holds)
	long.Line = strings.Repeat("x", 1<<16)
	var many []page.Entry
	for range 20 {
		many = append(many, long)
	}
	var out bytes.Buffer
	require.NoError(t, Summary(&out, many))
	require.LessOrEqual(t, out.Len(), maxSummary)
	require.Contains(t, out.String(), "5 more claims are left out")
}

func TestAnnotationsEscapeAndStopAtTen(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, Annotations(&out, ledger()))
	require.Equal(t, "::error title=claim b fails::k < i & a|b at 5%25. margin\x00 0.1(2)%0Anext%0Areproduce: causalgrad check --graph 'a|b'\n", out.String())
	for n, last := range map[int]string{10: "claim f9 fails", 12: "::error title=causalgrad::3 more claims fail"} {
		var many []page.Entry
		for i := range n {
			many = append(many, entry(fmt.Sprintf("f%d", i), verdict.Fails))
		}
		out.Reset()
		require.NoError(t, Annotations(&out, many))
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		require.Len(t, lines, maxAnnotations)
		require.Contains(t, lines[9], last)
	}
}

func TestEmitDoesWhatTheEnvironmentAsks(t *testing.T) {
	name := filepath.Join(t.TempDir(), "summary")
	require.NoError(t, os.WriteFile(name, []byte("before\n"), 0o644))
	set := map[string]string{}
	env := func(k string) string { return set[k] }
	var out bytes.Buffer
	require.NoError(t, Emit(&out, env, ledger()))
	require.Empty(t, out.String())
	set["GITHUB_STEP_SUMMARY"], set["GITHUB_ACTIONS"] = name, "true"
	require.NoError(t, Emit(&out, env, ledger()))
	require.Contains(t, out.String(), "::error title=claim b fails::")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(text), "before\n## causalgrad claims"))
	set["GITHUB_STEP_SUMMARY"] = filepath.Join(name, "not-a-folder")
	require.ErrorContains(t, Emit(&out, env, ledger()), "step summary")
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestErrorsAreReported(t *testing.T) {
	for _, f := range []func() error{
		func() error { return JUnit(broken{}, ledger()) },
		func() error { return Summary(broken{}, ledger()) },
		func() error { return Annotations(broken{}, ledger()) },
	} {
		require.ErrorContains(t, f(), "disk full")
	}
	require.ErrorContains(t, JUnit(&bytes.Buffer{}, []page.Entry{{}}), "claim id")
}

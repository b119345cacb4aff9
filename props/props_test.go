package props_test

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props"
)

func TestMine(t *testing.T) { props.Test(t, mine{}, props.CanEvaluate) }

func FuzzBuiltin(f *testing.F) { props.Fuzz(f, props.Builtin()) }

func FuzzMine(f *testing.F) { props.Fuzz(f, mine{}) }

// subjectVariable names the subject that TestNamed runs the laws on.
const subjectVariable = "PROPS_TEST_SUBJECT"

// TestNamed is what the tests below run in a process of its own, since it fails.
func TestNamed(t *testing.T) {
	name := os.Getenv(subjectVariable)
	if name == "" {
		t.Skip(subjectVariable + " is not set: the other tests of this file set it")
	}
	props.Test(t, subjects()[name], props.CanEvaluate)
}

// rough is mine with another unit roundoff.
type rough struct {
	mine
	u float64
}

func (r rough) Roundoff() float64 { return r.u }

// changed is mine with answers changed, or refused by a reason.
type changed struct {
	mine
	change func(m model.Spec, b *task.Batch, e *props.Evaluation) error
}

func (c changed) Evaluate(m model.Spec, params []float64, b *task.Batch) (props.Evaluation, error) {
	e, err := c.mine.Evaluate(m, params, b)
	if err != nil {
		return e, err
	}
	return e, c.change(m, b, &e)
}

// named has no method of any capability.
type named struct{}

func (named) Name() string      { return "nothing" }
func (named) Roundoff() float64 { return 0x1p-53 }

func subjects() map[string]props.Subject {
	all := map[string]props.Subject{
		"mine":    mine{},
		"nothing": named{},
		"detached": changed{change: func(_ model.Spec, b *task.Batch, e *props.Evaluation) error {
			clear(e.Gradient[:b.T*b.T]) // no gradient reaches A1
			return nil
		}},
		"no eps": changed{change: func(m model.Spec, _ *task.Batch, _ *props.Evaluation) error {
			if m.Eps > 0 {
				return fmt.Errorf("%w: eps above 0", props.ErrUnsupported)
			}
			return nil
		}},
		"never": changed{change: func(model.Spec, *task.Batch, *props.Evaluation) error {
			return fmt.Errorf("%w: not today", props.ErrUnsupported)
		}},
	}
	for _, u := range []float64{0, -0x1p-53, math.NaN(), 0x1p-54, 0x1p-7} {
		all[fmt.Sprint("roundoff ", u)] = rough{u: u}
	}
	return all
}

// goTest runs TestNamed on a subject in a process of its own.
func goTest(t *testing.T, subject string, args ...string) (output string, passed bool) {
	t.Helper()
	c := exec.Command(os.Args[0], append([]string{"-test.run=^TestNamed$", "-test.v", "-test.timeout=2m"}, args...)...)
	c.Env = append(os.Environ(), subjectVariable+"="+subject, "RAPID_SEED=0", "RAPID_CHECKS=10")
	text, err := c.CombinedOutput()
	return string(text), err == nil
}

// TestAMistakeIsReportedAndReplayed: every law that sees the mistake fails, with
// a command that shows the same case again.
func TestAMistakeIsReportedAndReplayed(t *testing.T) {
	output, passed := goTest(t, "detached", "-rapid.seed=5")
	require.False(t, passed)
	for _, law := range []string{"gradient-exact-reduced", "gradient-difference-reduced"} {
		require.Contains(t, output, "--- FAIL: TestNamed/"+law)
	}
	require.Regexp(t, `props: mine: 183 of 183 laws ran: \d+ passed, [2-9] failed, 160 not applicable, 0 not tried, 0 error`, output)
	_, failure, found := strings.Cut(output, "gradient-exact-reduced: failed")
	require.True(t, found)
	for _, label := range []string{"claim:", "case:     --model reduced", "what:     gradient of [A1", "expected:", "got:      0", "off by:"} {
		require.Contains(t, failure, label)
	}
	command := regexp.MustCompile(`replay: +go test causalgrad/props -run '(.*)' (-rapid.seed=5) (-rapid.checks=10)`)
	replay := command.FindStringSubmatch(failure)
	require.NotNil(t, replay, failure)
	require.Equal(t, "^TestNamed$/^gradient-exact-reduced$", replay[1])
	again, passed := goTest(t, "detached", "-test.run="+replay[1], replay[2], replay[3])
	require.False(t, passed)
	require.Equal(t, 1, strings.Count(again, "--- FAIL: TestNamed/"))
	text, _, _ := strings.Cut(failure, "replay:")
	require.Contains(t, again, "gradient-exact-reduced: failed"+text)
}

func TestFlagsOfGoTest(t *testing.T) {
	output, passed := goTest(t, "detached", "-test.failfast")
	require.False(t, passed)
	require.Equal(t, 1, strings.Count(output, "--- FAIL: TestNamed/"))

	output, passed = goTest(t, "detached", "-test.run=TestNamed/loss-finite", "-rapid.checks=30", "-rapid.seed=3")
	require.True(t, passed, output)
	require.Contains(t, output, "loss-finite: passed (30 draws)")
	require.Contains(t, output, "1 of 183 laws ran: 1 passed")
	require.Contains(t, output, "(seed 3, 30 draws of a cheap law)")

	output, passed = goTest(t, "mine", "-test.run=TestNamed/gradient-of-nothing")
	require.False(t, passed)
	require.Contains(t, output, "no law was run: -run or -skip excludes all 183")
}

// TestNothingPassesInSilence: what cannot be tested says so.
func TestNothingPassesInSilence(t *testing.T) {
	output, passed := goTest(t, "nothing")
	require.False(t, passed)
	require.Contains(t, output, "nothing lacks the capability evaluate, which the test wants")
	require.Contains(t, output, "no law could be tested on nothing")

	output, passed = goTest(t, "never")
	require.False(t, passed)
	require.Contains(t, output, "gibbs: not tried (only 0 draws were covered: not covered: not today)")
	require.Contains(t, output, "no law could be tested on mine")

	output, passed = goTest(t, "no eps")
	require.True(t, passed, output)
	require.Contains(t, output, "zero-reduced: passed (10 draws)")
	require.Contains(t, output, "eps-in-loss-alone: not tried (only 0 draws were covered: not covered: eps above 0)")
	require.Regexp(t, `left out: not covered: eps above 0 \(\d+ draws\)`, output)

	for name := range subjects() {
		if strings.HasPrefix(name, "roundoff") {
			output, passed = goTest(t, name)
			require.False(t, passed, name)
			require.Contains(t, output, "want the unit roundoff of its arithmetic", name)
			require.NotContains(t, output, "TestNamed/", name)
		}
	}
}

package conform

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/props/outcome"
	"causalgrad/theory/graph"
)

var pairChain = [][]float64{{0.75, 0.25}, {0.5, 0.5}}

// TestSameAnswersThroughThePipe: numbers survive the protocol to the bit.
func TestSameAnswersThroughThePipe(t *testing.T) {
	far := mustStart(t, "builtin", Options{})
	near := props.Builtin()
	require.Equal(t, near.Name(), far.Name())
	require.Equal(t, near.Roundoff(), far.Roundoff())
	for _, c := range capabilities {
		require.True(t, far.Can(c))
	}
	both := func(ask func(s props.Subject) (any, error)) {
		t.Helper()
		want, err := ask(near)
		require.NoError(t, err)
		got, err := ask(far)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	f := graph.Manual()
	spec := task.Spec{Tokens: 3, Length: 6, Parents: f.Parents(), Alpha: 0.1}
	b, err := near.(props.Sampler).Sample(spec, 4, math.MaxUint64)
	require.NoError(t, err)
	m := model.Spec{Kind: "disentangled", Tokens: 3, Length: 6, Heads: []int{2}}
	params := make([]float64, 2*81+27*3)
	for i := range params {
		params[i] = math.Sqrt(float64(i)) - 5
	}
	both(func(s props.Subject) (any, error) { return s.(props.Sampler).Sample(spec, 4, math.MaxUint64) })
	both(func(s props.Subject) (any, error) { return s.(props.Stationary).Stationary(pairChain) })
	both(func(s props.Subject) (any, error) {
		g, i, err := s.(props.Informant).Information(f, pairChain)
		return [][][]float64{g, i}, err
	})
	both(func(s props.Subject) (any, error) { return s.(props.FirstStepper).FirstStep(f, pairChain, 0.125) })
	both(func(s props.Subject) (any, error) { return s.(props.Estimator).CountEstimate(spec, b, 0.3) })
	both(func(s props.Subject) (any, error) { return s.(props.Evaluator).Evaluate(m, params, b) })
	both(func(s props.Subject) (any, error) { return s.(props.Attender).Attention(m, params, b) })
	both(func(s props.Subject) (any, error) {
		o := optim.Spec{Kind: "adamw", Schedule: "cosine", LR: 0.1, Decay: 0.01, Steps: 5}
		return s.(props.Optimizer).Optimize(o, []float64{1, math.Pi}, [][]float64{{0.1, 0.2}, {-3, 1e-300}})
	})
	both(func(s props.Subject) (any, error) {
		p, l, err := s.(props.Trainer).Train(train.Spec{Model: m, Task: spec, Batch: 70, Steps: 2, Seed: 9, Workers: 2, Params: params,
			Optimizer: optim.Spec{Kind: "sgd", Schedule: "constant", LR: 0.1}})
		return [][]float64{p, l}, err
	})
	both(func(s props.Subject) (any, error) { return s.(props.Measurer).Measure(b, b.Targets) })
}

// TestRefusalsArrive: what the built-in subject refuses is refused through the
// pipe, with NaN in the request too, and the command lives on.
func TestRefusalsArrive(t *testing.T) {
	s := mustStart(t, "builtin",
		Options{Note: func(line string) { t.Errorf("an incident: %s", line) }})
	for range maxStrikes + 2 { // refusals are no strikes
		_, err := s.Stationary([][]float64{{math.NaN(), 1}, {0.5, 0.5}})
		require.ErrorContains(t, err, "stationary: refused: chain[0][0] = NaN, want a probability")
	}
	_, err := s.Evaluate(model.Spec{Kind: "reduced", Tokens: 2, Length: 3}, []float64{1}, task.NewBatch(1, 3, 2))
	require.ErrorContains(t, err, "params: 1 numbers, want 13")
	_, err = s.Optimize(optim.Spec{Kind: "sgd", Schedule: "constant", LR: math.Inf(1)}, []float64{1}, nil)
	require.ErrorContains(t, err, "learning rate = +Inf")
	_, err = s.Stationary(pairChain)
	require.NoError(t, err)
}

// TestUnsupported: what a command does not cover is no strike, no incident and no
// failure of a law, and a law of which it covers nothing is not tried.
func TestUnsupported(t *testing.T) {
	s := mustStart(t, `line={"id": ID, "unsupported": "chains over\ntwo tokens"}`,
		Options{Note: func(line string) { t.Errorf("an incident: %s", line) }})
	for range maxStrikes + 2 {
		_, err := s.Stationary(pairChain)
		require.ErrorIs(t, err, props.ErrUnsupported)
		require.ErrorContains(t, err, "chains over two tokens")
	}
	balance, ok := props.Find("stationary-balance")
	require.True(t, ok)
	r := props.Run([]props.Law{balance}, s, props.Options{Draws: 2})[0]
	require.Equal(t, outcome.NotTried, r.Verdict, r.String())
	require.Contains(t, r.Why(), "chains over two tokens")
}

// chainless is a sampler that does not tell its chains.
type chainless struct{ props.Subject }

func (c chainless) Sample(t task.Spec, n int, seed uint64) (*task.Batch, error) {
	b, err := c.Subject.(props.Sampler).Sample(t, n, seed)
	if err == nil {
		b.Chains = nil
	}
	return b, err
}

// TestChainsAreOptional: the laws about them are not tried, the others hold.
func TestChainsAreOptional(t *testing.T) {
	for id, want := range map[string]outcome.Verdict{
		"sample-target": outcome.NotTried, "sample-other-seed": outcome.NotTried, "sample-same-seed": outcome.Passed} {
		l, ok := props.Find(id)
		require.True(t, ok, id)
		r := props.Run([]props.Law{l}, chainless{props.Builtin()}, props.Options{Draws: 1})[0]
		require.Equal(t, want, r.Verdict, r.String())
	}
}

// TestKinds: a refusal, no answer and an answer of the wrong form are three things.
func TestKinds(t *testing.T) {
	balance, ok := props.Find("stationary-balance")
	require.True(t, ok)
	for role, want := range map[string]string{
		`line={"id": ID, "error": "no idea"}`: outcome.Refusal,
		"crash":                               outcome.NoAnswer,
		"line=loading weights...":             outcome.NoAnswer,
		"result=[0.5, NaN]":                   outcome.WrongAnswer,
		`result={"mu": [1]}`:                  outcome.WrongAnswer,
		"result=[2, 2]":                       outcome.WrongAnswer,
	} {
		r := props.Run([]props.Law{balance}, mustStart(t, role, Options{}), props.Options{Draws: 1, Shrinks: 5})[0]
		require.Equal(t, outcome.Failed, r.Verdict, role)
		require.Equal(t, want, r.Failure.Kind, "%s: %s", role, r.Failure)
	}
}

// TestMisbehaviour: each way to fail is one line that names the operation.
func TestMisbehaviour(t *testing.T) {
	const patience = 200 * time.Millisecond // long enough only where an answer is not expected
	for _, c := range []struct {
		role    string
		timeout time.Duration
		want    string
	}{
		{"hang", patience, "stationary: no answer in time (200ms)"},
		{"endless", patience, "stationary: no answer in time (200ms)"},
		{"crash", 0, "stationary: the command ended: exit status 3; on standard error: Traceback: something broke"},
		{"grandchild", 0, "stationary: the command ended: exit status 3"},
		{"line=loading weights...", 0, `stationary: printed "loading weights...", want a reply as one line of JSON`},
		{"line=", 0, `stationary: printed "", want a reply as one line of JSON`},
		{`line={"result": [1]}`, 0, "a reply without an id"},
		{`line={"id": 1, "result": [1]}`, 0, "stationary: a reply to request 1, want 2"},
		{`line={"id": ID}`, 0, "a reply with 0 of result, error and unsupported, want one"},
		{`line={"id": ID, "error": "no\nidea"}`, 0, "stationary: refused: no idea"},
		{"result=[0.5]", 0, "stationary: result has 1 numbers, want 2"},
		{"result=[0.5, NaN]", 0, "stationary: result[1] is NaN"},
		{`result=[0.5, "nan"]`, 0, "stationary: result[1] is NaN"},
		{`result=[0.5, "half"]`, 0, `entry 1: "\"half\"", want a number`},
		{`result={"mu": [1]}`, 0, "want a list of numbers"},
		{"result=7", 0, "want a list of numbers"},
	} {
		t.Run(strings.ReplaceAll(c.role, "/", "|"), func(t *testing.T) {
			s := mustStart(t, c.role, Options{})
			if c.timeout > 0 {
				s.options.Timeout = c.timeout
			}
			_, err := s.Stationary(pairChain)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
			require.True(t, strings.HasPrefix(err.Error(), filepath.Base(s.argv[0])+": "), err.Error())
		})
	}
}

// TestHello: a bad introduction is an error of Start.
func TestHello(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`hi`,
			`hello: printed "hi", want a reply`},
		{`{"id": 1, "result": {"protocol": 2, "name": "x", "roundoff": 1.2e-16}}`,
			"protocol = 2, want 1"},
		{`{"id": 1, "result": {"protocol": 1, "roundoff": 1.2e-16}}`,
			"name is empty"},
		{`{"id": 1, "result": {"protocol": 1, "name": "x", "roundoff": 0}}`,
			"roundoff = 0"},
		{`{"id": 1, "result": {"protocol": 1, "name": "x", "roundoff": NaN}}`,
			"roundoff = NaN"},
		{`{"id": 1, "result": {"protocol": 1, "name": "x", "roundoff": 1.2e-16, "capabilities": ["telepathy"]}}`,
			`capability "telepathy"`},
		{`{"id": 1, "result": {"protocol": 1, "name": "x", "roundoff": 1.2e-16, "capabilities": []}}`,
			"capabilities is empty, so no law can be asked"},
		{`{"id": 1, "result": {"protocol": 1, "name": "x", "roundoff": 1.2e-16, "capabilities": ["train"], "scope": {"models": ["lstm"]}}}`,
			`models has "lstm"`},
		{`{"id": 1, "result": {"protocol": 1, "name": "x", "roundoff": 7.8e-17, "capabilities": ["measure"]}}`,
			"roundoff = 7.8e-17, want 2^-53 = 1.1e-16"},
	} {
		_, err := startRole(t, "hello="+c.text, Options{})
		require.ErrorContains(t, err, c.want)
	}
	s := mustStart(t, `hello={"id": 1, "result": {"protocol": 1, "name": "x", "roundoff": 6e-8, "capabilities": ["measure"]}}`, Options{})
	require.True(t, s.Can(props.CanMeasure))
	require.False(t, s.Can(props.CanTrain))
	require.Equal(t, 6e-8, s.Roundoff())

	// What a command covers.
	s = mustStart(t, `hello={"id": 1, "result": {"protocol": 1, "name": "x", "roundoff": 6e-8, "capabilities": ["measure"], `+
		`"scope": {"models": ["reduced"], "priors": ["dirichlet"], "max_tokens": 4, "spirit": "ignored"}}}`, Options{})
	require.Equal(t, props.Scope{Models: []string{"reduced"}, Priors: []string{"dirichlet"}, MaxTokens: 4}, s.Scope())
	// The documentation's own example, in which 2^-53 is written with two digits.
	s = mustStart(t, `hello={"id": 1, "result": {"protocol": 1, "name": "mine", "roundoff": 1.1e-16, "capabilities": ["stationary"]}}`,
		Options{Timeout: 2 * DefaultStartTimeout})
	require.Equal(t, 0x1p-53, s.Roundoff())
	require.Equal(t, 2*DefaultStartTimeout, s.options.StartTimeout, "start-up may take as long as any answer")

	_, err := startRole(t, "mute", Options{StartTimeout: 100 * time.Millisecond})
	require.ErrorContains(t, err, "hello: no answer in time (100ms)")
	_, err = Start(context.Background(), []string{filepath.Join(t.TempDir(), "nothing")}, Options{})
	require.ErrorContains(t, err, "nothing")
	_, err = Start(context.Background(), nil, Options{})
	require.ErrorContains(t, err, "no command given")
}

// TestOneCrashIsForgiven: the command is started again and asked again.
func TestOneCrashIsForgiven(t *testing.T) {
	var notes []string
	s := mustStart(t, "crash-once="+filepath.Join(t.TempDir(), "crashed"), Options{Note: func(line string) { notes = append(notes, line) }})
	mu, err := s.Stationary(pairChain)
	require.NoError(t, err)
	require.Len(t, mu, 2)
	require.Len(t, notes, 1)
	require.Contains(t, notes[0], "stationary: the command ended: exit status 3")
}

// TestNotes: an answer of the wrong form and a slow answer are noted once for
// each operation, and are no strikes.
func TestNotes(t *testing.T) {
	for role, want := range map[string]string{
		"result=[0.5, NaN]": "stationary: result[1] is NaN",
		"result=[0.5]":      "stationary: result has 1 numbers, want 2",
		"result=7":          "want a list of numbers",
		"builtin":           "stationary: slow: an answer took ",
	} {
		var notes []string
		o := Options{Slow: time.Hour, Note: func(line string) { notes = append(notes, line) }}
		if role == "builtin" {
			o.Slow = 1 // every answer takes longer than a nanosecond
		}
		s := mustStart(t, role, o)
		for range maxStrikes + 2 {
			_, err := s.Stationary(pairChain)
			require.Equal(t, role == "builtin", err == nil)
		}
		require.Len(t, notes, 1, role)
		require.Contains(t, notes[0], want)
	}
}

// TestThreeStrikes: an operation that keeps failing is not asked for ever, and
// the others still are.
func TestThreeStrikes(t *testing.T) {
	s := mustStart(t, "line=?", Options{})
	for range maxStrikes {
		_, err := s.Stationary(pairChain)
		require.ErrorContains(t, err, `printed "?"`)
	}
	starts := s.starts
	_, err := s.Stationary(pairChain)
	require.ErrorContains(t, err, `stationary: not asked again after 3 failures, the last: printed "?"`)
	require.Equal(t, starts, s.starts)
	_, err = s.FirstStep(graph.Manual(), pairChain, 0)
	require.ErrorContains(t, err, `first_step: printed "?"`)
}

// TestStartsAreBounded: a command that always dies is given up.
func TestStartsAreBounded(t *testing.T) {
	s := mustStart(t, "crash", Options{})
	s.starts = maxStarts
	_, err := s.Stationary(pairChain)
	require.ErrorContains(t, err, "given up after 20 starts")
}

// TestFullPipes: a megabyte on standard error and requests larger than a pipe
// block nobody.
func TestFullPipes(t *testing.T) {
	s := mustStart(t, "flood", Options{})
	_, err := s.Stationary(pairChain)
	require.NoError(t, err)
	b := task.NewBatch(20000, 3, 2)
	f := make([]float64, b.N*b.S)
	for i := range f {
		f[i], b.Targets[i] = 0.5, 0.5
	}
	m, err := s.Measure(b, f)
	require.NoError(t, err)
	require.Zero(t, m.SupError)
}

// TestConcurrentUse: answers go to whoever asked.
func TestConcurrentUse(t *testing.T) {
	s := mustStart(t, "builtin", Options{})
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			stay := float64(i+1) / 10
			mu, err := s.Stationary([][]float64{{stay, 1 - stay}, {stay, 1 - stay}})
			if err != nil || math.Abs(mu[0]-stay) > 1e-15 {
				t.Errorf("stay %v: %v, %v", stay, mu, err)
			}
		})
	}
	group.Wait()
}

// TestTheEnd: a cancelled context and Close both end the command.
func TestTheEnd(t *testing.T) {
	t.Setenv(roleVariable, "builtin")
	self, err := os.Executable()
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	s, err := Start(ctx, []string{self}, Options{})
	require.NoError(t, err)
	p := s.process
	cancel()
	<-p.exited
	_, err = s.Stationary(pairChain)
	require.ErrorIs(t, err, context.Canceled)

	s = mustStart(t, "builtin", Options{})
	p = s.process
	s.Close()
	<-p.exited
	require.NoError(t, p.state, "the command may end by itself")
	_, err = s.Stationary(pairChain)
	require.Error(t, err)
	s.Close() // twice is once

	s = mustStart(t, "stubborn", Options{})
	s.process.close(50 * time.Millisecond)
	<-s.process.exited
	require.Error(t, s.process.state, "it had to be killed")
	s.process = nil
}

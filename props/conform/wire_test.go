package conform

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
)

func TestNumbersSurvive(t *testing.T) {
	values := vector{0, math.Copysign(0, -1), 1, -1.5, math.Pi, 5e-324, math.MaxFloat64, math.Inf(1), math.Inf(-1), 1e21}
	text, err := json.Marshal(values)
	require.NoError(t, err)
	var back vector
	require.NoError(t, json.Unmarshal(text, &back))
	for i := range values {
		require.Equal(t, math.Float64bits(values[i]), math.Float64bits(back[i]), string(text))
	}
	require.NoError(t, json.Unmarshal([]byte(`["NaN","+Inf","-Inf"]`), &back)) // as documents of this program have them
	require.True(t, math.IsNaN(back[0]) && math.IsInf(back[1], 1) && math.IsInf(back[2], -1), back)
	text, err = json.Marshal(matrix{{math.NaN()}, {}})
	require.NoError(t, err)
	require.Equal(t, `[["nan"],[]]`, string(text))
	var m matrix
	require.NoError(t, json.Unmarshal(text, &m))
	require.Len(t, m, 2)
	require.True(t, math.IsNaN(m[0][0]))
}

func TestBareWords(t *testing.T) {
	for line, want := range map[string]string{
		`{"a": NaN, "b": [-Infinity,Infinity]}`: `{"a": "nan", "b": ["-inf","inf"]}`,
		`{"a": "NaN \" Infinity", "b": NaN}`:    `{"a": "NaN \" Infinity", "b": "nan"}`,
		`{"a": 1}`:                              `{"a": 1}`,
	} {
		require.Equal(t, want, string(quoteBareWords([]byte(line))))
	}
}

func TestSpecsSurvive(t *testing.T) {
	spec := train.Spec{
		Model:     model.Spec{Kind: "reduced", Tokens: 2, Length: 3, Heads: []int{1}, Eps: 0.1, Layers: 2},
		Task:      task.Spec{Tokens: 2, Length: 3, Parents: []int{-1, 0}, DAG: [][]int{{}, {0}}, Alpha: 0.1, Gamma: 0.2, Chain: pairChain},
		Optimizer: optim.Spec{Kind: "adamw", Schedule: "cosine", LR: 0.1, Decay: 0.2, Steps: 7},
		Only:      "A1", Batch: 3, Steps: 4, Seed: math.MaxUint64, Workers: 2, Params: []float64{1, 2},
	}
	text, err := json.Marshal(trainArg{spec, wireModel(spec.Model), wireTask(spec.Task), wireOptimizer(spec.Optimizer), spec.Params})
	require.NoError(t, err)
	var back trainArg
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, spec, back.spec())
}

// TestBatchShapes: a batch that would make an index run over is refused.
func TestBatchShapes(t *testing.T) {
	good := func() batchArg {
		return batchArg{Count: 2, Tokens: 2, Length: 3, Sequences: make([]uint16, 6), Targets: make(vector, 4)}
	}
	b, err := good().batch()
	require.NoError(t, err)
	require.Equal(t, &task.Batch{N: 2, T: 3, S: 2, Tokens: make([]uint16, 6), Targets: make([]float64, 4)}, b)
	for want, spoil := range map[string]func(*batchArg){
		"count = 0":                        func(a *batchArg) { a.Count = 0 },
		"tokens = -1":                      func(a *batchArg) { a.Tokens = -1 },
		"length = 2097152":                 func(a *batchArg) { a.Length = 1 << 21 },
		"sequences has 5 numbers":          func(a *batchArg) { a.Sequences = a.Sequences[1:] },
		"targets has 3 numbers":            func(a *batchArg) { a.Targets = a.Targets[1:] },
		"chains has 1 numbers, want 2 x 4": func(a *batchArg) { a.Chains = vector{1} },
		"sequences[0] = 2, want 0 to 1":    func(a *batchArg) { a.Sequences[0] = 2 },
	} {
		a := good()
		spoil(&a)
		_, err := a.batch()
		require.ErrorContains(t, err, want)
	}
}

// TestServeAnswersNonsense: every line gets a reply.
func TestServeAnswersNonsense(t *testing.T) {
	requests := strings.Join([]string{
		`what?`,
		`{"id": 1}`,
		`{"id": 2, "op": "fly"}`,
		`{"id": 3, "op": "stationary", "args": {"chain": 5}}`,
		`{"id": 4, "op": "information", "args": {"parents": [0], "chain": [[1]]}}`,
		`{"id": 5, "op": "evaluate", "args": {"model": {"kind": "reduced", "tokens": 9, "length": 3}, "batch": {"count": 1, "tokens": 2, "length": 3, "sequences": [0,0,0], "targets": [1,0]}}}`,
		`{"id": 6, "op": "stationary", "args": {"chain": [[0.5, 0.5], [0.25, 0.75]]}}`,
	}, "\n") + "\n"
	var out bytes.Buffer
	require.NoError(t, Serve(strings.NewReader(requests), &out, props.Builtin()))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 7)
	for i, want := range []string{
		"want a request as one line of JSON", "without an op", `op \"fly\"`, "args:", "parents", "batch of 2 tokens", "0.33333",
	} {
		require.Contains(t, lines[i], want)
	}
	require.ErrorContains(t, Serve(strings.NewReader(`{"id"`), &out, props.Builtin()), "unexpected EOF")
}

type panicky struct{ props.Subject }

func (panicky) Stationary([][]float64) ([]float64, error) { panic("index out of range") }

func TestServeSurvivesAPanic(t *testing.T) {
	r := answer(panicky{props.Builtin()}, []byte(`{"id": 3, "op": "stationary", "args": {"chain": []}}`))
	require.NotNil(t, r.Error)
	require.Equal(t, "panic: index out of range", *r.Error)
	r = answer(panicky{props.Builtin()}, []byte(`{"id": 3, "op": "train"}`))
	require.Contains(t, *r.Error, "cannot do this", "only the embedded interface's methods are there")
}

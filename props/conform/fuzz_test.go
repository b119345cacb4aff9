package conform

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/theory/graph"
)

// hollow is a subject that answers at once: what is fuzzed is the wire.
type hollow struct{}

func (hollow) Name() string              { return "hollow" }
func (hollow) Roundoff() float64         { return 0x1p-53 }
func (hollow) Can(props.Capability) bool { return true }

func (hollow) Sample(t task.Spec, _ int, _ uint64) (*task.Batch, error) {
	return &task.Batch{N: 1, T: t.Length, S: t.Tokens}, nil
}
func (hollow) Stationary(chain [][]float64) ([]float64, error) { return chain[0], nil }
func (hollow) Information(_ graph.Forest, chain [][]float64) (signal, information [][]float64, err error) {
	return chain, chain, nil
}
func (hollow) FirstStep(_ graph.Forest, chain [][]float64, _ float64) ([][]float64, error) {
	return chain, nil
}
func (hollow) CountEstimate(_ task.Spec, b *task.Batch, _ float64) ([]float64, error) {
	return b.Targets, nil
}
func (hollow) Evaluate(_ model.Spec, params []float64, b *task.Batch) (props.Evaluation, error) {
	return props.Evaluation{Predictions: b.Target(b.N - 1), Gradient: params}, nil
}
func (hollow) Attention(_ model.Spec, params []float64, _ *task.Batch) ([]float64, error) {
	return params, nil
}
func (hollow) Optimize(_ optim.Spec, _ []float64, gradients [][]float64) ([][]float64, error) {
	return gradients, nil
}
func (hollow) Train(t train.Spec) (params, losses []float64, err error) {
	return t.Params, nil, nil
}
func (hollow) Measure(b *task.Batch, f []float64) (props.Measurement, error) {
	return props.Measurement{Loss: b.Target(0)[0], SupError: f[0]}, nil
}

// FuzzAnswer: every line gets a reply that is one line, has either a result or
// an error, and is read back as what it is.
func FuzzAnswer(f *testing.F) {
	for _, line := range []string{
		`what?`, `{"id":1}`, `{"id":2,"op":"fly"}`, `{"id":3,"op":"hello","args":{"protocol":1}}`,
		`{"id":4,"op":"stationary","args":{"chain":[[0.5,NaN],[-Infinity,"inf"]]}}`, `{"id":5,"op":"stationary","args":{"chain":[]}}`,
		`{"id":6,"op":"information","args":{"parents":[-1,0],"chain":[[1]]}}`, `{"id":7,"op":"first_step","args":{"parents":[0],"chain":null}}`,
		`{"id":8,"op":"estimate","args":{"task":{"tokens":2},"batch":{"count":1,"tokens":2,"length":3,"sequences":[0,1,0],"targets":[1,0]},"alpha":"nan"}}`,
		`{"id":9,"op":"evaluate","args":{"model":{"kind":"reduced","tokens":2,"length":3},"params":[1],"batch":{"count":1,"tokens":2,"length":3,"sequences":[0,1,0],"targets":[1,0]}}}`,
		`{"id":10,"op":"measure","args":{"batch":{"count":1048576,"tokens":1048576,"length":1048576},"predictions":[0]}}`,
		`{"id":11,"op":"optimize","args":{"optimizer":{"kind":"sgd","lr":1e999},"gradients":[[1],[]]}}`,
		`{"id":12,"op":"train","args":{"seed":-1}}`, `{"id":13,"op":"sample","args":{"n":1e3}}`, `{"id":14,"op":"attend","args":"NaN \" Infinity"}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r := answer(hollow{}, line)
		require.NotEqual(t, r.Result == nil, r.Error == nil)
		text, err := marshalReply(r)
		require.NoError(t, err)
		require.NotContains(t, string(text), "\n")
		require.True(t, json.Valid(text))
		if r.ID == nil {
			require.NotNil(t, r.Error)
			return
		}
		back, err := parseReply(text)
		require.NoError(t, err)
		require.Equal(t, r.ID, back.ID)
		require.Equal(t, r.Error == nil, back.Error == nil)
	})
}

// FuzzRequest: any line of the asking side is a request with an operation and
// arguments, or an error of one line.
func FuzzRequest(f *testing.F) {
	for _, line := range []string{`{"id":1,"op":"hello"}`, `{"op":"x","args":[NaN,-Infinity,"NaN \" inf"]}`, `{}`, `NaN`, `"\\`} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := parseRequest(line)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		require.NotEmpty(t, r.Op)
		require.True(t, json.Valid(r.Args))
	})
}

// FuzzReply: whatever the other side prints, reading it ends in a reply or in
// one line that says what was wrong, and numbers are read as what they are.
func FuzzReply(f *testing.F) {
	for _, line := range []string{`{"id":1,"result":[1,2.5,"nan",NaN,-Infinity]}`, `{"id":1,"error":"no\nway"}`, `{"id":null,"result":1}`, `{"id":1}`,
		`{"id":1,"result":null}`, `{"id":1,"result":[1,],"error":""}`, "\xff\xfe", `[]`, `{"id":1,"result":[[1],[[2]]]}`, `{"id":1,"result":"NaN"}`, `{"id":9e99}`} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := parseReply(line)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		for _, into := range []any{new(number), new(vector), new(matrix), new(helloResult), new(batchArg), new(evaluateResult), new(measureResult)} {
			if len(r.Result) == 0 || json.Unmarshal(r.Result, into) != nil {
				continue
			}
			first, err := json.Marshal(into)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(first, into), string(first))
			again, err := json.Marshal(into)
			require.NoError(t, err)
			require.True(t, bytes.Equal(first, again), "%s became %s", first, again)
		}
	})
}

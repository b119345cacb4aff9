package conform

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
)

// Protocol is the version that this package speaks.
const Protocol = 1

// request and reply are the protocol's two lines.
type request struct {
	ID   int64           `json:"id"`
	Op   string          `json:"op"`
	Args json.RawMessage `json:"args,omitempty"`
}

type reply struct {
	ID          *int64          `json:"id"`
	Result      json.RawMessage `json:"result,omitempty"`
	Error       *string         `json:"error,omitempty"`
	Unsupported *string         `json:"unsupported,omitempty"`
}

// parseReply reads one line of the other side's output.
func parseReply(line []byte) (reply, error) {
	var r reply
	line = quoteBareWords(line)
	if err := json.Unmarshal(line, &r); err != nil {
		return reply{}, fmt.Errorf("printed %s, want a reply as one line of JSON", excerpt(line))
	}
	said := 0
	for _, has := range []bool{r.Result != nil, r.Error != nil, r.Unsupported != nil} {
		if has {
			said++
		}
	}
	switch {
	case r.ID == nil:
		return reply{}, fmt.Errorf("printed %s, a reply without an id", excerpt(line))
	case said != 1:
		return reply{}, fmt.Errorf("printed %s, a reply with %d of result, error and unsupported, want one", excerpt(line), said)
	}
	return r, nil
}

// marshalReply writes one line, without its end.
func marshalReply(r reply) ([]byte, error) { return json.Marshal(r) }

// parseRequest reads one line of the asking side's output.
func parseRequest(line []byte) (request, error) {
	var r request
	if err := json.Unmarshal(quoteBareWords(line), &r); err != nil {
		return request{}, fmt.Errorf("%s, want a request as one line of JSON", excerpt(line))
	}
	if r.Op == "" {
		return request{}, errors.New("a request without an op")
	}
	if len(r.Args) == 0 {
		r.Args = json.RawMessage("{}")
	}
	return r, nil
}

// oneLine is text without line breaks, for messages.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// The types below are the specs with numbers as the protocol
// writes them: a field here shadows the embedded one of the same name.

type taskArg struct {
	task.Spec
	Alpha number `json:"alpha,omitempty"`
	Gamma number `json:"gamma,omitempty"`
	Chain matrix `json:"chain,omitempty"`
}

func wireTask(t task.Spec) taskArg {
	return taskArg{Spec: t, Alpha: number(t.Alpha), Gamma: number(t.Gamma), Chain: t.Chain}
}

func (a taskArg) spec() task.Spec {
	t := a.Spec
	t.Alpha, t.Gamma, t.Chain = float64(a.Alpha), float64(a.Gamma), a.Chain
	return t
}

type modelArg struct {
	model.Spec
	Eps number `json:"eps,omitempty"`
}

func wireModel(m model.Spec) modelArg { return modelArg{m, number(m.Eps)} }

func (a modelArg) spec() model.Spec {
	m := a.Spec
	m.Eps = float64(a.Eps)
	return m
}

type optimizerArg struct {
	optim.Spec
	LR    number `json:"lr"`
	Decay number `json:"decay"`
}

func wireOptimizer(o optim.Spec) optimizerArg {
	return optimizerArg{o, number(o.LR), number(o.Decay)}
}

func (a optimizerArg) spec() optim.Spec {
	o := a.Spec
	o.LR, o.Decay = float64(a.LR), float64(a.Decay)
	return o
}

type trainArg struct {
	train.Spec
	Model     modelArg     `json:"model"`
	Task      taskArg      `json:"task"`
	Optimizer optimizerArg `json:"optimizer"`
	Params    vector       `json:"params"`
}

func (a trainArg) spec() train.Spec {
	t := a.Spec
	t.Model, t.Task, t.Optimizer, t.Params = a.Model.spec(), a.Task.spec(), a.Optimizer.spec(), a.Params
	return t
}

// batchArg is a task.Batch.
type batchArg struct {
	Count     int      `json:"count"`
	Tokens    int      `json:"tokens"`
	Length    int      `json:"length"`
	Sequences []uint16 `json:"sequences"`
	Targets   vector   `json:"targets"`
	Chains    vector   `json:"chains,omitempty"`
}

func wireBatch(b *task.Batch) batchArg {
	return batchArg{b.N, b.S, b.T, b.Tokens, b.Targets, b.Chains}
}

// batch checks the shape: what a Batch's methods rely on.
func (a batchArg) batch() (*task.Batch, error) {
	for _, v := range []struct {
		name string
		n    int
	}{{"count", a.Count}, {"tokens", a.Tokens}, {"length", a.Length}} {
		if v.n < 1 || v.n > 1<<20 {
			return nil, fmt.Errorf("batch: %s = %d, want 1 to %d", v.name, v.n, 1<<20)
		}
	}
	for _, v := range []struct {
		name     string
		got, per int
	}{
		{"sequences", len(a.Sequences), a.Length},
		{"targets", len(a.Targets), a.Tokens},
		{"chains", len(a.Chains), a.Tokens * a.Tokens},
	} {
		if v.got != a.Count*v.per && (v.name != "chains" || v.got != 0) {
			return nil, fmt.Errorf("batch: %s has %d numbers, want %d x %d", v.name, v.got, a.Count, v.per)
		}
	}
	for i, token := range a.Sequences {
		if int(token) >= a.Tokens {
			return nil, fmt.Errorf("batch: sequences[%d] = %d, want 0 to %d", i, token, a.Tokens-1)
		}
	}
	b := &task.Batch{N: a.Count, T: a.Length, S: a.Tokens, Tokens: a.Sequences, Targets: a.Targets}
	if len(a.Chains) > 0 {
		b.Chains = a.Chains
	}
	return b, nil
}

// The arguments and results of each operation.

type helloArgs struct {
	Protocol int `json:"protocol"`
}

type helloResult struct {
	Protocol     int                `json:"protocol"`
	Name         string             `json:"name"`
	Roundoff     number             `json:"roundoff"`
	Capabilities []props.Capability `json:"capabilities"`
	Scope        props.Scope        `json:"scope,omitzero"`
}

type sampleArgs struct {
	Task taskArg `json:"task"`
	N    int     `json:"n"`
	Seed uint64  `json:"seed"`
}

type chainArgs struct {
	Parents []int  `json:"parents,omitempty"`
	Chain   matrix `json:"chain"`
	Eps     number `json:"eps,omitempty"`
}

type informationResult struct {
	Signal      matrix `json:"signal"`
	Information matrix `json:"information"`
}

type estimateArgs struct {
	Task  taskArg  `json:"task"`
	Batch batchArg `json:"batch"`
	Alpha number   `json:"alpha"`
}

type evaluateArgs struct {
	Model  modelArg `json:"model"`
	Params vector   `json:"params"`
	Batch  batchArg `json:"batch"`
}

type evaluateResult struct {
	Loss        number `json:"loss"`
	Predictions vector `json:"predictions"`
	Gradient    vector `json:"gradient"`
}

type optimizeArgs struct {
	Optimizer optimizerArg `json:"optimizer"`
	Params    vector       `json:"params"`
	Gradients matrix       `json:"gradients"`
}

type trainResult struct {
	Params vector `json:"params"`
	Losses vector `json:"losses"`
}

type measureArgs struct {
	Batch       batchArg `json:"batch"`
	Predictions vector   `json:"predictions"`
}

type measureResult struct {
	Loss        number `json:"loss"`
	Irreducible number `json:"irreducible"`
	SupError    number `json:"sup_error"`
}

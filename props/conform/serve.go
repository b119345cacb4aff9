package conform

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/theory/graph"
)

// Serve answers requests from r on w for a subject until r ends, and then
// returns nil. A request that makes no sense, an error and a panic of the
// subject are error replies; only a failure to read or write ends it early.
func Serve(r io.Reader, w io.Writer, s props.Subject) error {
	in, out := bufio.NewReader(r), bufio.NewWriter(w)
	for {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("serve: %w", err)
		}
		text, err := marshalReply(answer(s, line))
		if err != nil {
			return fmt.Errorf("serve: %w", err)
		}
		if _, err := out.Write(append(text, '\n')); err != nil {
			return fmt.Errorf("serve: %w", err)
		}
		if err := out.Flush(); err != nil {
			return fmt.Errorf("serve: %w", err)
		}
	}
}

// answer is the reply to one line.
func answer(s props.Subject, line []byte) reply {
	q, err := parseRequest(line)
	if err != nil {
		return refusal(nil, err)
	}
	handle, known := handlers[q.Op]
	if !known {
		return refusal(&q.ID, fmt.Errorf("op %q: want hello or a capability", q.Op))
	}
	result, err := guarded(handle, s, q.Args)
	if errors.Is(err, props.ErrUnsupported) {
		text := oneLine(err.Error())
		return reply{ID: &q.ID, Unsupported: &text}
	}
	if err != nil {
		return refusal(&q.ID, err)
	}
	text, err := json.Marshal(result)
	if err != nil {
		return refusal(&q.ID, err)
	}
	return reply{ID: &q.ID, Result: text}
}

func refusal(id *int64, err error) reply {
	text := oneLine(err.Error())
	return reply{ID: id, Error: &text}
}

// guarded turns a panic of the subject into an error.
func guarded(handle handler, s props.Subject, args json.RawMessage) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, fmt.Errorf("panic: %v", p)
		}
	}()
	return handle(s, args)
}

// handler carries out one operation.
type handler func(s props.Subject, args json.RawMessage) (any, error)

// handlers maps each operation to its handler.
var handlers = map[string]handler{
	"hello":                     hello,
	string(props.CanSample):     with(serveSample),
	string(props.CanStationary): with(serveStationary),
	string(props.CanInform):     with(serveInformation),
	string(props.CanFirstStep):  with(serveFirstStep),
	string(props.CanEstimate):   with(serveEstimate),
	string(props.CanEvaluate):   with(serveEvaluate),
	string(props.CanAttend):     with(serveAttend),
	string(props.CanOptimize):   with(serveOptimize),
	string(props.CanTrain):      with(serveTrain),
	string(props.CanMeasure):    with(serveMeasure),
}

// with decodes the arguments and checks the capability.
func with[I, A any](serve func(s I, args A) (any, error)) handler {
	return func(s props.Subject, text json.RawMessage) (any, error) {
		able, ok := s.(I)
		if !ok {
			return nil, fmt.Errorf("%s cannot do this", s.Name())
		}
		var args A
		if err := json.Unmarshal(text, &args); err != nil {
			return nil, fmt.Errorf("args: %w", err)
		}
		return serve(able, args)
	}
}

// capabilities in the order of the protocol's description.
var capabilities = props.Capabilities()

func hello(s props.Subject, _ json.RawMessage) (any, error) {
	h := helloResult{Protocol: Protocol, Name: s.Name(), Roundoff: number(s.Roundoff()),
		Capabilities: []props.Capability{}, Scope: props.ScopeOf(s)}
	for _, c := range capabilities {
		if c.Of(s) {
			h.Capabilities = append(h.Capabilities, c)
		}
	}
	return h, nil
}

func serveSample(s props.Sampler, a sampleArgs) (any, error) {
	b, err := s.Sample(a.Task.spec(), a.N, a.Seed)
	if err != nil {
		return nil, err
	}
	return wireBatch(b), nil
}

func serveStationary(s props.Stationary, a chainArgs) (any, error) {
	mu, err := s.Stationary(a.Chain)
	return vector(mu), err
}

func serveInformation(s props.Informant, a chainArgs) (any, error) {
	f, err := graph.NewForest(a.Parents)
	if err != nil {
		return nil, err
	}
	signal, information, err := s.Information(f, a.Chain)
	return informationResult{signal, information}, err
}

func serveFirstStep(s props.FirstStepper, a chainArgs) (any, error) {
	f, err := graph.NewForest(a.Parents)
	if err != nil {
		return nil, err
	}
	g, err := s.FirstStep(f, a.Chain, float64(a.Eps))
	return matrix(g), err
}

func serveEstimate(s props.Estimator, a estimateArgs) (any, error) {
	b, err := a.Batch.batch()
	if err != nil {
		return nil, err
	}
	f, err := s.CountEstimate(a.Task.spec(), b, float64(a.Alpha))
	return vector(f), err
}

// fitting is the batch of a model, with the model's shape.
func (a evaluateArgs) fitting() (*task.Batch, error) {
	b, err := a.Batch.batch()
	if err == nil && (b.S != a.Model.Tokens || b.T != a.Model.Length) {
		err = fmt.Errorf("batch of %d tokens and length %d, but the model has %d and %d", b.S, b.T, a.Model.Tokens, a.Model.Length)
	}
	return b, err
}

func serveEvaluate(s props.Evaluator, a evaluateArgs) (any, error) {
	b, err := a.fitting()
	if err != nil {
		return nil, err
	}
	e, err := s.Evaluate(a.Model.spec(), a.Params, b)
	return evaluateResult{number(e.Loss), e.Predictions, e.Gradient}, err
}

func serveAttend(s props.Attender, a evaluateArgs) (any, error) {
	b, err := a.fitting()
	if err != nil {
		return nil, err
	}
	w, err := s.Attention(a.Model.spec(), a.Params, b)
	return vector(w), err
}

func serveOptimize(s props.Optimizer, a optimizeArgs) (any, error) {
	steps, err := s.Optimize(a.Optimizer.spec(), a.Params, a.Gradients)
	return matrix(steps), err
}

func serveTrain(s props.Trainer, a trainArg) (any, error) {
	params, losses, err := s.Train(a.spec())
	return trainResult{params, losses}, err
}

func serveMeasure(s props.Measurer, a measureArgs) (any, error) {
	b, err := a.Batch.batch()
	if err != nil {
		return nil, err
	}
	m, err := s.Measure(b, a.Predictions)
	return measureResult{number(m.Loss), number(m.Irreducible), number(m.SupError)}, err
}

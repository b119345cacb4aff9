package conform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"causalgrad/props"
	"causalgrad/props/outcome"
)

// DefaultTimeout is how long an answer may take, and DefaultStartTimeout how
// long at least a command may take to start and introduce itself: an interpreter
// that loads large libraries from a cold disk is slow once.
const (
	DefaultTimeout      = 10 * time.Second
	DefaultStartTimeout = 60 * time.Second
)

// Limits on a command that keeps failing.
const (
	maxStrikes = 3  // failures of one operation
	maxStarts  = 20 // starts of the command
)

// Options says how to run a command.
type Options struct {
	// Timeout bounds each answer but the first, to hello, which is StartTimeout's;
	// 0 means DefaultTimeout, and the longer one of Timeout and DefaultStartTimeout.
	Timeout      time.Duration
	StartTimeout time.Duration
	// Slow is how long an answer may take without being noted; 0 means half of
	// Timeout.
	Slow time.Duration
	// Note, when not nil, is told in one line of every failure of the command
	// itself as it happens (timeouts, crashes, garbage), and once for each
	// operation of an answer of the wrong form (a NaN in it, a wrong shape) and
	// of a slow one. It is called one call at a time.
	Note func(line string)
}

// Subject is a props.Subject behind a command. It implements every capability's
// interface and declares what the command has. It is safe for concurrent use;
// requests go to the command one at a time.
type Subject struct {
	ctx     context.Context
	argv    []string
	options Options
	hello   helloResult

	mu      sync.Mutex
	process *process // nil when it must be started
	starts  int
	lastID  int64
	strikes map[string]int
	last    map[string]error // the last failure of an operation
	noted   map[string]bool  // what is noted once
}

// Start runs argv and asks it for its name and capabilities. The command is
// killed when ctx ends; Close it otherwise.
func Start(ctx context.Context, argv []string, o Options) (*Subject, error) {
	if len(argv) == 0 || argv[0] == "" {
		return nil, errors.New("conform: no command given")
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Timeout < 0 {
		return nil, fmt.Errorf("conform: timeout = %v, want a positive duration", o.Timeout)
	}
	if o.StartTimeout == 0 {
		o.StartTimeout = max(o.Timeout, DefaultStartTimeout)
	}
	if o.Slow == 0 {
		o.Slow = o.Timeout / 2
	}
	s := &Subject{ctx: ctx, argv: slices.Clone(argv), options: o,
		strikes: map[string]int{}, last: map[string]error{}, noted: map[string]bool{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.start(); err != nil {
		return nil, s.named(err)
	}
	return s, nil
}

// Close ends the command: it may finish by itself for a second.
func (s *Subject) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		s.process.close(time.Second)
		s.process = nil
	}
	s.starts = maxStarts
}

// Name implements props.Subject.
func (s *Subject) Name() string { return s.hello.Name }

// Roundoff implements props.Subject.
func (s *Subject) Roundoff() float64 { return roundoff(s.hello.Roundoff) }

// Can implements props.Subject.
func (s *Subject) Can(c props.Capability) bool { return slices.Contains(s.hello.Capabilities, c) }

// Scope implements props.Scoped.
func (s *Subject) Scope() props.Scope { return s.hello.Scope }

// named puts the command in front of a message.
func (s *Subject) named(err error) error {
	return fmt.Errorf("%s: %w", filepath.Base(s.argv[0]), err)
}

// call asks for one operation and decodes its result.
func (s *Subject) call(op props.Capability, args, result any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.ask(string(op), args, result)
	if err == nil {
		return nil
	}
	named := s.named(fmt.Errorf("%s: %w", op, err))
	var refused refusedError
	var told failure
	if errors.As(err, &refused) || errors.As(err, &told) || errors.Is(err, props.ErrUnsupported) {
		return named
	}
	return failure{named, outcome.NoAnswer}
}

// failure is an error that is no refusal, with its kind for the laws.
type failure struct {
	error
	kind string
}

// Kind tells package props what the error is.
func (f failure) Kind() string { return f.kind }

// Unwrap is for errors.Is.
func (f failure) Unwrap() error { return f.error }

func (s *Subject) ask(op string, args, result any) error {
	if s.strikes[op] >= maxStrikes {
		return fmt.Errorf("not asked again after %d failures, the last: %w", maxStrikes, s.last[op])
	}
	if s.process == nil {
		if err := s.start(); err != nil {
			return err
		}
	}
	text, err := s.exchange(op, args)
	if errors.Is(err, errCrash) && s.ctx.Err() == nil { // once more, from the start
		s.note(op, err)
		if err := s.start(); err != nil {
			return err
		}
		text, err = s.exchange(op, args)
	}
	var refused refusedError
	if err != nil && !errors.As(err, &refused) && !errors.Is(err, props.ErrUnsupported) {
		s.strikes[op]++
		s.last[op] = err
		s.note(op, err)
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, result); err != nil {
		err = fmt.Errorf("result %s: %w", excerpt(text), err)
		s.noteOnce(op, "form", err)
		return failure{err, outcome.WrongAnswer}
	}
	return nil
}

// noteOnce notes the first failure of a kind for each operation.
func (s *Subject) noteOnce(op, kind string, err error) {
	if key := op + " " + kind; !s.noted[key] {
		s.noted[key] = true
		s.note(op, err)
	}
}

func (s *Subject) note(op string, err error) {
	if s.options.Note != nil {
		s.options.Note(s.named(fmt.Errorf("%s: %w", op, err)).Error())
	}
}

// start starts the command and reads its hello.
func (s *Subject) start() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if s.starts >= maxStarts {
		return fmt.Errorf("given up after %d starts", maxStarts)
	}
	s.starts++
	p, err := startProcess(s.ctx, s.argv)
	if err != nil {
		return err
	}
	s.process = p
	text, err := s.exchange("hello", helloArgs{Protocol})
	if err != nil {
		return fmt.Errorf("hello: %w", err)
	}
	var h helloResult
	if err := json.Unmarshal(text, &h); err != nil {
		s.abandon()
		return fmt.Errorf("hello: result %s: %w", excerpt(text), err)
	}
	if err := h.check(); err != nil {
		s.abandon()
		return fmt.Errorf("hello: %w", err)
	}
	s.hello = h
	return nil
}

func (h helloResult) check() error {
	if h.Protocol != Protocol {
		return fmt.Errorf("protocol = %d, want %d", h.Protocol, Protocol)
	}
	if h.Name == "" {
		return errors.New("name is empty")
	}
	if !(roundoff(h.Roundoff) >= leastRoundoff && h.Roundoff <= 0x1p-8) {
		return fmt.Errorf("roundoff = %v, want 2^-53 = 1.1e-16 (float64) to 2^-8", float64(h.Roundoff))
	}
	if len(h.Capabilities) == 0 {
		return fmt.Errorf("capabilities is empty, so no law can be asked; want some of %v", capabilities)
	}
	for _, c := range h.Capabilities {
		if !slices.Contains(capabilities, c) {
			return fmt.Errorf("capability %q, want one of %v", c, capabilities)
		}
	}
	return h.Scope.Check()
}

// leastRoundoff is float64's: a law's own arithmetic is no better.
const leastRoundoff = 0x1p-53

// roundoff reads a unit roundoff that a person wrote with few digits: 2^-53 is
// 1.11e-16, so "1.1e-16" lies below it, by 1%, and any spelling with two digits
// by 5% at most. What is nearer to 2^-53 than to the next power of two, in ratio,
// is taken for it.
func roundoff(declared number) float64 {
	if u := float64(declared); u >= leastRoundoff || u < leastRoundoff/math.Sqrt2 {
		return u
	}
	return leastRoundoff
}

// abandon kills the process; the next request starts another.
func (s *Subject) abandon() {
	s.process.kill()
	s.process = nil
}

// refusedError is an error reply: the other side's own decision.
type refusedError struct{ text string }

func (e refusedError) Error() string { return "refused: " + e.text }

// exchange sends one request and returns the result. After any error but a
// refusal the process is gone.
func (s *Subject) exchange(op string, args any) (json.RawMessage, error) {
	s.lastID++
	body, err := json.Marshal(args)
	if err != nil {
		return nil, fmt.Errorf("the request cannot be written: %w", err)
	}
	text, err := json.Marshal(request{s.lastID, op, body})
	if err != nil {
		return nil, fmt.Errorf("the request cannot be written: %w", err)
	}
	timeout := s.options.Timeout
	if op == "hello" {
		timeout = s.options.StartTimeout
	}
	asked := time.Now()
	line, err := s.process.roundTrip(append(text, '\n'), timeout)
	if err != nil {
		return nil, s.broken(err, line, timeout)
	}
	if took := time.Since(asked); took > s.options.Slow && op != "hello" {
		s.noteOnce(op, "slow", fmt.Errorf("slow: an answer took %v, and the limit is %v", took.Round(time.Millisecond), timeout))
	}
	r, err := parseReply(line)
	if err == nil && *r.ID != s.lastID {
		err = fmt.Errorf("a reply to request %d, want %d", *r.ID, s.lastID)
	}
	if err != nil {
		return nil, s.broken(err, nil, timeout)
	}
	if r.Error != nil {
		return nil, refusedError{oneLine(*r.Error)}
	}
	if r.Unsupported != nil {
		return nil, fmt.Errorf("%w: %s", props.ErrUnsupported, oneLine(*r.Unsupported))
	}
	return r.Result, nil
}

// broken kills the process and says what happened to it, with what it printed.
func (s *Subject) broken(err error, line []byte, timeout time.Duration) error {
	p := s.process
	s.abandon()
	switch {
	case s.ctx.Err() != nil:
		return s.ctx.Err()
	case errors.Is(err, errTimeout):
		err = fmt.Errorf("%w (%v)", err, timeout)
	case errors.Is(err, errCrash) && p.state != nil:
		err = fmt.Errorf("%w: %w", err, p.state)
	}
	if len(line) > 0 {
		err = fmt.Errorf("%w; it printed %s", err, excerpt(line))
	}
	if said := p.stderr.String(); said != "" {
		err = fmt.Errorf("%w; on standard error: %s", err, said)
	}
	return err
}

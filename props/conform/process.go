package conform

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// maxLine bounds a line, so that output that never ends one cannot fill memory.
const maxLine = 256 << 20

var errLongLine = fmt.Errorf("a line of more than %d bytes", maxLine)

// readLine reads one line without its end. A last line without an end is
// io.ErrUnexpectedEOF.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLine:
			return line[:excerptLength], errLongLine
		case err == nil:
			return bytes.TrimRight(line, "\r\n"), nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) > 0:
			return line, io.ErrUnexpectedEOF
		default:
			return nil, err
		}
	}
}

// tail keeps the last bytes written to it.
type tail struct {
	mu   sync.Mutex
	last []byte
}

const tailLength = 2000

// Write implements io.Writer and never fails: the other side must never block
// on what it says.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, p...)
	if n := len(t.last) - tailLength; n > 0 {
		t.last = append(t.last[:0], t.last[n:]...)
	}
	return len(p), nil
}

// String is the tail on one line.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return oneLine(string(t.last))
}

// process is one run of the command. Its output is read and its errors are
// drained by goroutines of their own, and requests are written by another, so
// that no full pipe can block the asking side.
type process struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *os.File
	stderr *tail
	lines  chan received
	exited chan struct{} // closed when the command is reaped
	state  error         // what Wait said, once exited
}

// received is one line of output or the end of it.
type received struct {
	line []byte
	err  error
}

// grace is how long the pipes of a command that ended may stay open: its own
// last words arrive at once, only a child that it left behind would hold them.
const grace = 200 * time.Millisecond

func startProcess(ctx context.Context, argv []string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, argv[0], argv[1:]...), stderr: &tail{},
		lines: make(chan received, 1), exited: make(chan struct{})}
	ownGroup(p.cmd)
	p.cmd.Stderr = p.stderr
	p.cmd.WaitDelay = grace
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	// Not StdoutPipe, which forbids waiting before the last line is read.
	var stdout *os.File
	if p.stdout, stdout, err = os.Pipe(); err != nil {
		return nil, err
	}
	p.cmd.Stdout = stdout
	err = p.cmd.Start()
	stdout.Close() // the command has its own copy
	if err != nil {
		p.stdout.Close()
		return nil, err
	}
	go p.read()
	go func() {
		p.state = p.cmd.Wait()
		close(p.exited)
		_ = p.stdout.SetReadDeadline(time.Now().Add(grace)) // closed already: nothing to end
	}()
	return p, nil
}

// read sends every line to p.lines, which it closes at the end of the output.
func (p *process) read() {
	defer p.stdout.Close()
	defer close(p.lines)
	r := bufio.NewReader(p.stdout)
	for {
		line, err := readLine(r)
		if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, os.ErrClosed) {
			err = io.EOF
		}
		p.lines <- received{line, err}
		if err != nil {
			return
		}
	}
}

// kill ends the process group and reaps the command. Its output is closed, so
// that a process that left the group cannot hold it open.
func (p *process) kill() {
	killGroup(p.cmd)
	p.stdout.Close()
	for range p.lines { // whatever it printed last
	}
	<-p.exited
}

// close asks the command to end by ending its input, and kills it when it does
// not.
func (p *process) close(patience time.Duration) {
	p.stdin.Close() // an error means that it is gone already
	ended := make(chan struct{})
	go func() {
		for range p.lines {
		}
		close(ended)
	}()
	select {
	case <-ended:
		<-p.exited
	case <-time.After(patience):
		p.kill()
	}
}

// The ways in which an exchange of lines fails.
var (
	errTimeout  = errors.New("no answer in time")
	errCrash    = errors.New("the command ended")
	errTwoLines = errors.New("two lines for one request")
)

// roundTrip writes a request and waits for one line, which may come before all
// of the request is read.
func (p *process) roundTrip(request []byte, timeout time.Duration) (line []byte, err error) {
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	written := make(chan error, 1)
	go func() {
		_, err := p.stdin.Write(request)
		written <- err
	}()
	for answered, wrote := false, false; !answered || !wrote; {
		select {
		case r, open := <-p.lines:
			switch {
			case !open || errors.Is(r.err, io.EOF) || errors.Is(r.err, io.ErrUnexpectedEOF):
				return r.line, errCrash
			case r.err != nil:
				return r.line, r.err
			case answered:
				return r.line, errTwoLines
			}
			line, answered = r.line, true
		case err := <-written:
			if err != nil {
				return nil, errCrash
			}
			wrote = true
		case <-deadline.C:
			return nil, errTimeout
		}
	}
	return line, nil
}

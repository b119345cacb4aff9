package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"causalgrad/impl/train"

	"github.com/spf13/cobra"
)

// grace is how long a command may take to keep what is done after a signal; then
// the program ends without it.
const grace = time.Second

// execute runs a command until it returns or, after a signal, until the time of
// grace is over, and returns the exit code.
func execute(ctx context.Context, root *cobra.Command, stderr io.Writer, grace time.Duration) int {
	type end struct {
		cmd *cobra.Command
		err error
	}
	ended := make(chan end, 1)
	go func() {
		cmd, err := root.ExecuteContextC(ctx)
		ended <- end{cmd, err}
	}()
	var e end
	select {
	case e = <-ended:
	case <-ctx.Done():
		select {
		case e = <-ended:
		case <-time.After(grace):
			e = end{root, halted("nothing is kept of the step under way; the same command starts again")}
		}
	}
	if e.err == nil {
		return 0
	}
	var s stopped
	if errors.As(context.Cause(ctx), &s) {
		var how halted
		if !errors.As(e.err, &how) {
			how = halted(e.cmd.Annotations[goesOn])
		}
		if how == "" {
			how = "nothing is kept; the same command starts again"
		}
		fmt.Fprintln(stderr, oneLine(fmt.Sprintf("causalgrad: %v; %s", s, string(how))))
		return s.code()
	}
	if errors.Is(e.err, errFails) {
		return 1
	}
	fmt.Fprintln(stderr, oneLine("causalgrad: "+spoken(e.err)))
	if errors.Is(e.err, train.ErrDiverged) {
		return 1 // nothing is wrong with the input, as far as anybody knew
	}
	return 2
}

// goesOn is the annotation of a command that says how to go on after a signal.
const goesOn = "goes on"

// recordsKept is how the commands with a folder of records go on.
var recordsKept = map[string]string{goesOn: "finished runs and checkpoints are kept; the same command goes on from there"}

// halted is an error that says what a command kept after a signal and how to go
// on.
type halted string

func (h halted) Error() string { return string(h) }

// stopped is why a context ended: the signal that did it.
type stopped struct{ syscall.Signal }

func (s stopped) Error() string { return "stopped: " + s.String() }

// code is 130 for SIGINT and 143 for SIGTERM, as shells have it.
func (s stopped) code() int { return 128 + int(s.Signal) }

// untilSignal is a context that the first SIGINT or SIGTERM ends with a cause of
// type stopped; the second one ends the program at once, also where it comes
// before anybody has seen the first. Signals are left to others after release.
func untilSignal() (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	released := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				by := stopped{s.(syscall.Signal)} // os.Interrupt is one too
				if ctx.Err() != nil {
					os.Exit(by.code())
				}
				cancel(by)
			case <-released:
				return
			}
		}
	}()
	return ctx, func() { signal.Stop(signals); cancel(nil); close(released) }
}

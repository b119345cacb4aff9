package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows bars on a terminal and elsewhere a line now and then, so that
// a log of a long run shows that it lives and one of a short run holds results
// alone.
type progress struct {
	out       io.Writer
	container *mpb.Progress
	once      sync.Once
	now       func() time.Time
}

// quiet is how long a run says nothing where there is no terminal.
const quiet = 15 * time.Second

func newProgress(w io.Writer) *progress {
	if f, ok := w.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		return &progress{out: w, container: mpb.New(mpb.WithOutput(w), mpb.WithWidth(40)), now: time.Now}
	}
	return &progress{out: w, now: time.Now}
}

// bar adds a bar and returns the function that moves it to a step, which is
// called one call at a time.
func (p *progress) bar(name string, total int) func(step int) {
	if p.container == nil {
		return p.lines(name, total)
	}
	bar, left := p.add(name, total)
	return func(step int) {
		left.move(int64(step), int64(total))
		bar.SetCurrent(int64(step))
	}
}

// lines is a bar where there is no terminal: a line after quiet, and after each
// quiet then.
func (p *progress) lines(name string, total int) func(step int) {
	left, last := &timeLeft{now: p.now}, p.now()
	return func(step int) {
		left.move(int64(step), int64(total))
		if now := p.now(); step < total && now.Sub(last) >= quiet {
			last = now
			p.note(fmt.Sprintf("%s: %d of %d, %s", name, step, total, left))
		}
	}
}

func (p *progress) add(name string, total int, options ...mpb.BarOption) (*mpb.Bar, *timeLeft) {
	left := &timeLeft{now: time.Now}
	options = append(options,
		mpb.PrependDecorators(decor.Name(name, decor.WCSyncSpaceR), decor.CountersNoUnit("%d/%d", decor.WCSyncWidth)),
		mpb.AppendDecorators(decor.OnComplete(decor.Any(func(decor.Statistics) string { return left.String() }), "done")))
	return p.container.AddBar(int64(total), options...), left
}

// note prints a line, above the bars if there are any.
func (p *progress) note(line string) {
	var w io.Writer = p.out
	if p.container != nil {
		w = p.container
	}
	_, _ = fmt.Fprintln(w, "causalgrad: "+line) // there is nobody to tell if this fails
}

// above is where lines can be written while bars are drawn: they appear above
// the bars. Without bars it is w itself.
func (p *progress) above(w io.Writer) io.Writer {
	if p.container != nil {
		return p.container
	}
	return w
}

// wait lets the bars finish drawing; a bar that never got to its end is dropped.
func (p *progress) wait() {
	if p.container != nil {
		p.once.Do(p.container.Shutdown)
	}
}

// timeLeft estimates the time to the end from the work that was done while it
// watched: what a resumed run brings along, or a record that was there already,
// counts as done and not as fast.
type timeLeft struct {
	now func() time.Time

	mutex      sync.Mutex
	start      time.Time
	done, from int64 // work done, and done when the watch started
	total      int64
}

// move says that done of total is done.
func (l *timeLeft) move(done, total int64) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.start.IsZero() {
		l.start, l.from = l.now(), done
	}
	l.done, l.total = done, total
}

// skip says that work was done by others before.
func (l *timeLeft) skip(work int64) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.from, l.done = l.from+work, l.done+work
}

func (l *timeLeft) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	watched := l.done - l.from
	if l.start.IsZero() || watched <= 0 {
		return "?"
	}
	perWork := l.now().Sub(l.start).Seconds() / float64(watched)
	left := time.Duration(perWork * float64(l.total-l.done) * float64(time.Second))
	return left.Round(time.Second).String() + " left"
}

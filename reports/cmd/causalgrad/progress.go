package main

import (
	"io"
	"os"
	"sync"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows bars on a terminal and nothing elsewhere, so that a log file
// holds results alone.
type progress struct {
	container *mpb.Progress
	once      sync.Once
}

func newProgress(w io.Writer) *progress {
	if f, ok := w.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		return &progress{container: mpb.New(mpb.WithOutput(w), mpb.WithWidth(40))}
	}
	return &progress{}
}

// bar adds a bar and returns the function that moves it to a step.
func (p *progress) bar(name string, total int) func(step int) {
	if p.container == nil {
		return nil
	}
	bar := p.container.AddBar(int64(total),
		mpb.PrependDecorators(decor.Name(name, decor.WCSyncSpaceR), decor.CountersNoUnit("%d/%d", decor.WCSyncWidth)),
		mpb.AppendDecorators(decor.OnComplete(decor.EwmaETA(decor.ET_STYLE_GO, 200), "done")))
	return func(step int) { bar.SetCurrent(int64(step)) }
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

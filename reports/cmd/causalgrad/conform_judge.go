package main

import (
	"context"
	"fmt"
	"sync"

	"causalgrad/impl/durable"
	"causalgrad/props"
	"causalgrad/props/conform"
	"causalgrad/props/fault"
	"causalgrad/props/outcome"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
)

// judged runs the laws until ctx ends and returns the results of those that ended
// before, with what the answers of the failed ones look like. A law that is under
// way then is left to itself: the end of ctx has ended the subject's command, and
// what the law now says of it means nothing.
func judged(ctx context.Context, laws []props.Law, s props.Subject, o props.Options,
	move func(step int)) (results []props.Result, hints map[string]string) {
	var lock sync.Mutex
	ended := map[string]props.Result{}
	hints = map[string]string{}
	judge := func(l props.Law) {
		asked, hint := s, func() string { return "" }
		if _, behind := s.(*conform.Subject); behind { // the built-in one is no other than itself
			w := fault.NewWitness(s)
			asked, hint = w, w.Explain
		}
		r := props.Run([]props.Law{l}, asked, o)[0]
		looks := ""
		if r.Verdict == outcome.Failed && r.Failure.Kind == outcome.WrongAnswer && ctx.Err() == nil {
			looks = hint()
		}
		lock.Lock()
		defer lock.Unlock()
		if ctx.Err() == nil {
			ended[l.ID], hints[l.ID] = r, looks
			move(len(ended))
		}
	}
	all := make(chan struct{})
	go func() {
		defer close(all)
		var group sync.WaitGroup
		queue := make(chan props.Law)
		for range max(o.Workers, 1) {
			group.Go(func() {
				for l := range queue {
					judge(l)
				}
			})
		}
		for _, l := range laws {
			queue <- l
		}
		close(queue)
		group.Wait()
	}()
	select {
	case <-all:
	case <-ctx.Done():
	}
	lock.Lock()
	defer lock.Unlock()
	for _, l := range laws {
		if r, ok := ended[l.ID]; ok {
			results = append(results, r)
		}
	}
	return results, hints
}

// checkReport refuses names that the documents cannot have, before the laws run.
func (o *conformOptions) checkReport() error {
	if o.junit != "" {
		if err := durable.Check(o.junit); err != nil {
			return err
		}
	}
	if o.report == "" {
		return nil
	}
	if f, _ := table.FormatOf(o.report); f != table.FormatMarkdown && f != table.FormatHTML {
		return fmt.Errorf("--report %q: want a name that ends in .md or .html", o.report)
	}
	return durable.Check(o.report)
}

func (o *conformOptions) writeReport(c evidence.Conformance) error {
	format, _ := table.FormatOf(o.report)
	text, err := c.Report(format)
	if err != nil {
		return err
	}
	return durable.WriteFile(o.report, []byte(text))
}

// Package ci writes the claims ledger for continuous integration: JUnit XML, a
// step summary in Markdown and workflow annotations, the last two in GitHub's formats.
//
// It prints verdicts and never changes one: what was not run or not decided is
// never shown as passed. It has no counterpart in the paper.
package ci

import (
	"fmt"
	"io"
	"os"

	"causalgrad/reports/page"
	"causalgrad/theory/verdict"
)

// ending is what CI systems know of a verdict.
type ending int

const (
	passed ending = iota
	failed
	skipped // neither: not run, undecided, or true in part
)

func endingOf(v verdict.Verdict) ending {
	switch v {
	case verdict.Holds, verdict.Pass:
		return passed
	case verdict.Fails, verdict.Fail:
		return failed
	}
	return skipped
}

// Emit writes what the environment asks for: the step summary, appended to the
// file that GITHUB_STEP_SUMMARY names, and annotations on w where GITHUB_ACTIONS is
// "true". env is os.Getenv outside tests.
func Emit(w io.Writer, env func(string) string, entries []page.Entry) error {
	if env("GITHUB_STEP_SUMMARY") != "" {
		if err := Append(w, env, func(f io.Writer) error { return Summary(f, entries) }); err != nil {
			return err
		}
	}
	if env("GITHUB_ACTIONS") == "true" {
		return Annotations(w, entries)
	}
	return nil
}

// Append appends a step summary to the file that GITHUB_STEP_SUMMARY names, and writes
// it to w where there is none.
func Append(w io.Writer, env func(string) string, summary func(io.Writer) error) (err error) {
	name := env("GITHUB_STEP_SUMMARY")
	if name == "" {
		return summary(w)
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("step summary: %w", err)
	}
	defer func() {
		if closing := f.Close(); err == nil && closing != nil {
			err = fmt.Errorf("step summary: %w", closing)
		}
	}()
	return summary(f)
}

// write sends the text and names what it was.
func write(w io.Writer, what, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func checkAll(entries []page.Entry) error {
	for _, e := range entries {
		if err := e.Check(); err != nil {
			return err
		}
	}
	return nil
}

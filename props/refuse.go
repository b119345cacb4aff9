package props

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// Refuses demands an error instead of an answer: no panic, one line, with every
// word of names in it.
func Refuses[T any](t *rapid.T, c Case, what string, call func() (T, error), names ...string) {
	var answer T
	var refusal error
	_, panicked := Guarded(func() (struct{}, error) {
		answer, refusal = call()
		return struct{}{}, nil
	})
	if panicked != nil {
		Violation(t, Counterexample{c.String(), what, "an error", panicked.Error(), -1})
	}
	if refusal == nil {
		Violation(t, Counterexample{c.String(), what, "an error", fmt.Sprintf("%v", answer), -1})
	}
	OneLine(t, c, what, refusal, names...)
}

// OneLine demands that an error is one line and has every word of names in it.
func OneLine(t *rapid.T, c Case, what string, err error, names ...string) {
	text := err.Error()
	Demand(t, c, text != "" && !strings.ContainsAny(text, "\n\r"), what, "an error of one line", fmt.Sprintf("%q", text))
	for _, name := range names {
		Demand(t, c, strings.Contains(text, name), what, fmt.Sprintf("an error that names %q", name), text)
	}
}

// Either asks for something that may be refused, in one line; ok tells that it
// was not.
func Either[T any](t *rapid.T, c Case, what string, call func() (T, error), names ...string) (answer T, ok bool) {
	var refusal error
	answer = Ask(t, c, what, func() (T, error) {
		a, err := call()
		refusal = err
		return a, nil
	})
	if refusal != nil {
		OneLine(t, c, what, refusal, names...)
		return answer, false
	}
	return answer, true
}

// Refused demands an error of one line with every word in it, and no panic.
func Refused(t *rapid.T, c Case, what string, err error, words ...string) {
	if err == nil {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("an error that names %q", words), "an answer", -1})
	}
	text := err.Error()
	Demand(t, c, !strings.HasPrefix(text, "panic: "), what, "an error", text)
	Demand(t, c, !strings.Contains(text, "\n"), what, "an error of one line", text)
	for _, word := range words {
		Demand(t, c, strings.Contains(text, word), what, fmt.Sprintf("an error that names %q", word), text)
	}
}

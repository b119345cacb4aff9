package props

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// refuses demands an error instead of an answer: no panic, one line, with every
// word of names in it.
func refuses[T any](t *rapid.T, c Case, what string, call func() (T, error), names ...string) {
	var answer T
	var refusal error
	_, panicked := guarded(func() (struct{}, error) {
		answer, refusal = call()
		return struct{}{}, nil
	})
	if panicked != nil {
		Violation(t, Counterexample{c.String(), what, "an error", panicked.Error(), -1})
	}
	if refusal == nil {
		Violation(t, Counterexample{c.String(), what, "an error", fmt.Sprintf("%v", answer), -1})
	}
	oneLine(t, c, what, refusal, names...)
}

// oneLine demands that an error is one line and has every word of names in it.
func oneLine(t *rapid.T, c Case, what string, err error, names ...string) {
	text := err.Error()
	demand(t, c, text != "" && !strings.ContainsAny(text, "\n\r"), what, "an error of one line", fmt.Sprintf("%q", text))
	for _, name := range names {
		demand(t, c, strings.Contains(text, name), what, fmt.Sprintf("an error that names %q", name), text)
	}
}

// either asks for something that may be refused, in one line; ok tells that it
// was not.
func either[T any](t *rapid.T, c Case, what string, call func() (T, error), names ...string) (answer T, ok bool) {
	var refusal error
	answer = ask(t, c, what, func() (T, error) {
		a, err := call()
		refusal = err
		return a, nil
	})
	if refusal != nil {
		oneLine(t, c, what, refusal, names...)
		return answer, false
	}
	return answer, true
}

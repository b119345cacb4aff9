package props

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// Refuses demands an error instead of an answer, as Refused says.
func Refuses[T any](t *rapid.T, c Case, what string, call func() (T, error), words ...string) {
	_, err := Guarded(call)
	Refused(t, c, what, err, words...)
}

// Refused demands an error, as OneLine says.
func Refused(t *rapid.T, c Case, what string, err error, words ...string) {
	if err == nil {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("an error that names %q", words), "an answer", -1})
	}
	OneLine(t, c, what, err, words...)
}

// OneLine demands that an error is one line and has every one of words in it, and
// that it is no panic (Guarded). An underscore counts as a space, since a field's
// name in a file is its name in text with underscores.
func OneLine(t *rapid.T, c Case, what string, err error, words ...string) {
	text := err.Error()
	Demand(t, c, !strings.HasPrefix(text, panicked), what, "an error, not a panic", text)
	Demand(t, c, text != "" && !strings.ContainsAny(text, "\n\r"), what, "an error of one line", fmt.Sprintf("%q", text))
	plain := strings.NewReplacer("_", " ")
	for _, word := range words {
		Demand(t, c, strings.Contains(plain.Replace(text), plain.Replace(word)), what, fmt.Sprintf("an error that names %q", word), text)
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

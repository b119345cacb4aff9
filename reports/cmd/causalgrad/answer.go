package main

import (
	"bytes"

	"causalgrad/impl/jsonfile"
	"causalgrad/reports/table"
)

// answerer is a document that says in one sentence what the command was asked: the
// first line of what it prints, and the field "answer" of its JSON.
type answerer interface{ Answer() string }

// adviser is an answerer that knows what can be done about an answer that is no:
// a sentence each, after the first line and in the field "advice".
type adviser interface{ Advice() []string }

// saying is the answer of a command whose JSON is its tables.
type saying string

// Answer is the sentence itself.
func (s saying) Answer() string { return string(s) }

// sayings are the answer of a document, if it has one, and the advice.
func sayings(document any) (answer string, advice []string) {
	if a, ok := document.(answerer); ok {
		answer = a.Answer()
	}
	if a, ok := document.(adviser); ok {
		advice = a.Advice()
	}
	return answer, advice
}

// opening is what stands before the tables of a document.
func opening(format table.Format, document any, width int) string {
	answer, advice := sayings(document)
	if answer == "" {
		return ""
	}
	text := ""
	for _, sentence := range append([]string{answer}, advice...) {
		text += table.Sentence(format, sentence, width)
	}
	if text != "" {
		text += "\n"
	}
	return text
}

// encode is a document as JSON, with its answer and advice as its first fields.
func encode(document any) ([]byte, error) {
	whole, err := jsonfile.Encode(document)
	answer, advice := sayings(document)
	if err != nil || answer == "" {
		return whole, err
	}
	first, err := jsonfile.Encode(struct {
		Answer string   `json:"answer"`
		Advice []string `json:"advice,omitempty"`
	}{answer, advice})
	if err != nil {
		return nil, err
	}
	return append(append(bytes.TrimSuffix(first, []byte("}")), ','), whole[1:]...), nil
}

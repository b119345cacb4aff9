package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// FuzzLogits: any text is T rows of logits that reach the diagonal, or an error on
// one line.
func FuzzLogits(f *testing.F) {
	for _, text := range []string{"[[0],[0.5,-1],[0,2,1]]", "[[0],[1,2],[null,1,2]]", "[[0]", "[1e999]", "[[0,1,2],[0,1,2],[0,1,2]]", "[]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !strings.HasPrefix(text, "[") {
			t.Skip("a file")
		}
		rows, _, err := readLogits(text, 3)
		if err != nil {
			require.NotContains(t, oneLine(err.Error()), "\n")
			return
		}
		require.Len(t, rows, 3)
		for i, row := range rows {
			require.GreaterOrEqual(t, len(row), i+1)
		}
	})
}

// FuzzCompletion: whatever was typed, a shell gets an answer.
func FuzzCompletion(f *testing.F) {
	for _, line := range []string{"check --graph p", "train --shifted=", "report --tables=claims,e", "list conditions ", "-", "--", "infer --q\x00", "check --graph @", ""} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		a := ask(append([]string{"__complete"}, strings.Split(line, " ")...)...)
		require.NotContains(t, a.err, "panic")
		require.Contains(t, []int{0, 2}, a.code)
	})
}

// A long message loses its middle, and no name in it its end.
func TestLongMessagesAreCutBetweenWords(t *testing.T) {
	var names []string
	for n := range 100 {
		names = append(names, fmt.Sprintf("name-%02d", n))
	}
	words := strings.Fields(strings.ReplaceAll(oneLine("want one of "+strings.Join(names, ", ")+`; did you mean "x"?`), ",", ""))
	require.Equal(t, []string{"want", "one", "of", "name-00"}, words[:4])
	require.Equal(t, []string{"name-99;", "did", "you", "mean", `"x"?`}, words[len(words)-5:])
	require.Contains(t, words, "...")
	for _, word := range words[3 : len(words)-5] {
		require.True(t, word == "..." || slices.Contains(names, word), word)
	}
}

// FuzzMessage: whatever an error says, a terminal gets one short line of it.
func FuzzMessage(f *testing.F) {
	for _, text := range []string{"json: cannot unmarshal string into Go struct field Spec.steps of type int", `strconv.Atoi: parsing "x": invalid syntax`, "a\nb\x1b[31m", strings.Repeat("é", 400)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := oneLine(spoken(errors.New(text)))
		require.LessOrEqual(t, len([]rune(line)), longestLine)
		for _, r := range line {
			require.True(t, unicode.IsPrint(r), "%q", line)
		}
	})
}

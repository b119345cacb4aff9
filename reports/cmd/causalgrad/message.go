package main

import (
	"regexp"
	"strings"
	"unicode"
)

// longestLine is how long a line on standard error may be, in characters.
const longestLine = 300

// oneLine is a message as one line that a terminal shows as it is: a long one
// without its middle, because what was typed comes first and the reason last.
func oneLine(message string) string {
	line := []rune(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, message))
	if len(line) <= longestLine {
		return string(line)
	}
	const gap = " ... "
	size := (longestLine - len(gap)) / 2
	head, tail := string(line[:size]), string(line[len(line)-size:])
	if at := strings.LastIndexByte(head, ' '); at > 0 { // names in a list stay whole
		head = head[:at]
	}
	if _, rest, found := strings.Cut(tail, " "); found {
		tail = rest
	}
	return head + gap + tail
}

// spoken is an error without the names that Go gives types and functions.
func spoken(err error) string {
	text := mistyped.ReplaceAllStringFunc(err.Error(), func(found string) string {
		m := mistyped.FindStringSubmatch(found)
		where := "a value"
		if m[2] != "" {
			where = m[2]
		}
		return where + " is " + given[m[1]] + ", want " + wanted(m[3])
	})
	for _, p := range parsing {
		text = p.found.ReplaceAllString(text, p.said)
	}
	return text
}

// mistyped is what encoding/json says of a value of the wrong type: the JSON's
// kind, the field after the name of its struct, and Go's type.
var mistyped = regexp.MustCompile(`json: cannot unmarshal (string|bool|array|object|number)(?: \S+)? into Go (?:struct field [^.\s]+\.(\S+)|value) of type (\S+)`)

var given = map[string]string{"string": "a text", "bool": "a truth value", "array": "a list", "object": "an object", "number": "a number"}

// wanted names a Go type as JSON has it.
func wanted(goType string) string {
	switch {
	case goType == "string":
		return "a text"
	case goType == "bool":
		return "true or false"
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"):
		return "an integer in range"
	case strings.HasPrefix(goType, "float"):
		return "a number"
	case strings.HasPrefix(goType, "["):
		return "a list"
	}
	return "an object"
}

// parsing are the errors of Go's package strconv, in words.
var parsing = []struct {
	found *regexp.Regexp
	said  string
}{
	{regexp.MustCompile(`strconv\.(?:ParseInt|Atoi): parsing ("(?:[^"\\]|\\.)*"): invalid syntax`), "$1 is no integer"},
	{regexp.MustCompile(`strconv\.ParseUint: parsing ("(?:[^"\\]|\\.)*"): invalid syntax`), "$1 is no integer from 0"},
	{regexp.MustCompile(`strconv\.ParseFloat: parsing ("(?:[^"\\]|\\.)*"): invalid syntax`), "$1 is no number"},
	{regexp.MustCompile(`strconv\.ParseBool: parsing ("(?:[^"\\]|\\.)*"): invalid syntax`), "$1 is neither true nor false"},
	{regexp.MustCompile(`strconv\.\w+: parsing ("(?:[^"\\]|\\.)*"): value out of range`), "$1 is out of range"},
}

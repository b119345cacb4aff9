package conform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// number, vector and matrix are numbers as the protocol writes them, NaN and
// the infinities included.
type (
	number float64
	vector []float64
	matrix [][]float64
)

func (v number) MarshalJSON() ([]byte, error) { return appendNumber(nil, float64(v)), nil }

func (v *number) UnmarshalJSON(text []byte) error {
	x, err := parseNumber(text)
	*v = number(x)
	return err
}

// MarshalJSON implements json.Marshaler; an empty vector is [].
func (v vector) MarshalJSON() ([]byte, error) { return appendVector(nil, v), nil }

func (v *vector) UnmarshalJSON(text []byte) (err error) {
	*v, err = parseVector(text)
	return err
}

func (m matrix) MarshalJSON() ([]byte, error) {
	text := []byte{'['}
	for i, row := range m {
		if i > 0 {
			text = append(text, ',')
		}
		text = appendVector(text, row)
	}
	return append(text, ']'), nil
}

func (m *matrix) UnmarshalJSON(text []byte) error {
	var rows []vector
	if err := json.Unmarshal(text, &rows); err != nil {
		return err
	}
	*m = make(matrix, len(rows))
	for i, row := range rows {
		(*m)[i] = row
	}
	return nil
}

func appendVector(text []byte, v []float64) []byte {
	text = append(text, '[')
	for i, x := range v {
		if i > 0 {
			text = append(text, ',')
		}
		text = appendNumber(text, x)
	}
	return append(text, ']')
}

func appendNumber(text []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(text, `"nan"`...)
	case math.IsInf(v, 1):
		return append(text, `"inf"`...)
	case math.IsInf(v, -1):
		return append(text, `"-inf"`...)
	}
	return strconv.AppendFloat(text, v, 'g', -1, 64)
}

// parseVector reads a JSON list of numbers; text is valid JSON.
func parseVector(text []byte) ([]float64, error) {
	text = bytes.TrimSpace(text)
	if bytes.Equal(text, []byte("null")) {
		return nil, nil
	}
	if len(text) < 2 || text[0] != '[' {
		return nil, fmt.Errorf("%s, want a list of numbers", excerpt(text))
	}
	text = bytes.TrimSpace(text[1 : len(text)-1])
	if len(text) == 0 {
		return []float64{}, nil
	}
	v := make([]float64, 0, bytes.Count(text, []byte(","))+1)
	for word := range bytes.SplitSeq(text, []byte(",")) {
		x, err := parseNumber(bytes.TrimSpace(word))
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", len(v), err)
		}
		v = append(v, x)
	}
	return v, nil
}

func parseNumber(text []byte) (float64, error) {
	switch string(text) {
	case `"nan"`, `"NaN"`:
		return math.NaN(), nil
	case `"inf"`, `"+Inf"`:
		return math.Inf(1), nil
	case `"-inf"`, `"-Inf"`:
		return math.Inf(-1), nil
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, fmt.Errorf("%s, want a number, \"nan\", \"inf\" or \"-inf\"", excerpt(text))
	}
	return v, nil
}

// bareWords are the spellings that are not JSON, longest first.
var bareWords = []struct{ word, quoted string }{
	{"-Infinity", `"-inf"`}, {"Infinity", `"inf"`}, {"NaN", `"nan"`},
}

// quoteBareWords replaces NaN, Infinity and -Infinity outside strings.
func quoteBareWords(line []byte) []byte {
	if !bytes.Contains(line, []byte("NaN")) && !bytes.Contains(line, []byte("Infinity")) {
		return line
	}
	out := make([]byte, 0, len(line)+16)
	inside := false
scan:
	for at := 0; at < len(line); at++ {
		c := line[at]
		if inside && c == '\\' && at+1 < len(line) {
			out = append(out, c, line[at+1])
			at++
			continue
		}
		if c == '"' {
			inside = !inside
		}
		if !inside {
			for _, b := range bareWords {
				if bytes.HasPrefix(line[at:], []byte(b.word)) {
					out = append(out, b.quoted...)
					at += len(b.word) - 1
					continue scan
				}
			}
		}
		out = append(out, c)
	}
	return out
}

// excerptLength bounds what a message quotes of a line.
const excerptLength = 120

// excerpt quotes the start of a text on one line.
func excerpt(text []byte) string {
	if len(text) > excerptLength {
		return strconv.Quote(string(text[:excerptLength])) + "..."
	}
	return strconv.Quote(string(text))
}

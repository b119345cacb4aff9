package userfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Kind is what a JSON value is.
type Kind uint8

// The kinds of JSON values, each with its name in a message.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Object
)

// String is the kind as messages name it.
func (k Kind) String() string {
	return [...]string{"null", "a truth value", "a number", "a text", "a list", "an object"}[k]
}

// Value is a JSON value with the line where it begins, counted from 1.
type Value struct {
	Line   int
	Kind   Kind
	Number float64 // of a Number; 0 or 1 of a Bool
	*inner
}

// inner is what a number does not need: large matrices are mostly numbers.
type inner struct {
	Text  string   // of a String
	Items []Value  // of a List, in order, or an Object, beside Keys
	Keys  []string // of an Object, in order, each once
}

// maxDepth bounds the nesting of JSON.
const maxDepth = 32

// ParseJSON reads one JSON value. An object that names a key twice, a number
// beyond float64 and nesting beyond 32 levels are errors; errors name the line.
func ParseJSON(data []byte) (Value, error) {
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return Value{}, notJSON(data, err)
	}
	p := parser{data: data, line: 1, decoder: json.NewDecoder(bytes.NewReader(data))}
	p.decoder.UseNumber()
	return p.value(0)
}

// notJSON says where text stops being JSON.
func notJSON(data []byte, err error) error {
	at := len(data)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && syntax.Offset < int64(len(data)) {
		at = int(min(max(syntax.Offset-1, 0), int64(len(data))))
	}
	line := 1 + bytes.Count(data[:at], []byte("\n"))
	for _, word := range []string{"NaN", "Infinity", "nan", "inf"} {
		if bytes.HasPrefix(data[at:], []byte(word)) {
			return fmt.Errorf("line %d: %s is not a number that JSON has", line, word)
		}
	}
	return fmt.Errorf("line %d: not JSON: %s", line, strings.ReplaceAll(err.Error(), "\n", " "))
}

// maxValues bounds the values of a document, of 32 bytes each at least.
const maxValues = 1 << 24

type parser struct {
	values  int
	data    []byte
	decoder *json.Decoder
	line    int   // of offset counted
	counted int64 // the bytes whose line ends are in line
}

// count brings line up to the decoder's place.
func (p *parser) count() {
	to := min(p.decoder.InputOffset(), int64(len(p.data)))
	p.line += bytes.Count(p.data[p.counted:to], []byte("\n"))
	p.counted = to
}

func (p *parser) token() (json.Token, error) {
	token, err := p.decoder.Token()
	p.count()
	return token, err
}

func (p *parser) value(depth int) (Value, error) {
	if depth > maxDepth {
		return Value{}, fmt.Errorf("line %d: nested more than %d deep", p.line, maxDepth)
	}
	token, err := p.token()
	if err != nil {
		return Value{}, err
	}
	if p.values++; p.values > maxValues {
		return Value{}, fmt.Errorf("more than %d values: save numbers as a .npy array", maxValues)
	}
	v := Value{Line: p.line}
	switch token := token.(type) {
	case bool:
		v.Kind = Bool
		if token {
			v.Number = 1
		}
	case json.Number:
		v.Kind = Number
		if v.Number, err = strconv.ParseFloat(string(token), 64); err != nil {
			return Value{}, fmt.Errorf("line %d: %s is beyond what float64 holds", p.line, Printable(string(token)))
		}
	case string:
		v.Kind, v.inner = String, &inner{Text: token}
	case json.Delim:
		v.inner = &inner{}
		if token == '[' {
			v.Kind = List
			return v, p.list(&v, depth)
		}
		v.Kind = Object
		return v, p.object(&v, depth)
	}
	return v, nil
}

func (p *parser) list(v *Value, depth int) error {
	for p.decoder.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		v.Items = append(v.Items, item)
	}
	_, err := p.token()
	return err
}

func (p *parser) object(v *Value, depth int) error {
	seen := map[string]bool{} // only looked up
	for p.decoder.More() {
		token, err := p.token()
		if err != nil {
			return err
		}
		key, _ := token.(string) // the decoder allows nothing else
		if seen[key] {
			return fmt.Errorf("line %d: key %q is given twice", p.line, Printable(key))
		}
		seen[key] = true
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		v.Keys, v.Items = append(v.Keys, key), append(v.Items, item)
	}
	_, err := p.token()
	return err
}

// Get is the value of an object's key.
func (v Value) Get(key string) (Value, bool) {
	if v.Kind == Object {
		for i, k := range v.Keys {
			if k == key {
				return v.Items[i], true
			}
		}
	}
	return Value{}, false
}

// Only refuses an object with other keys than those given.
func (v Value) Only(keys ...string) error {
	if err := v.Want(Object, "the document"); err != nil {
		return err
	}
	for i, k := range v.Keys {
		if !contains(keys, k) {
			return fmt.Errorf("line %d: unknown key %q, want %s", v.Items[i].Line, Printable(k), strings.Join(keys, ", "))
		}
	}
	return nil
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

// Want refuses a value of another kind; place names it in the message.
func (v Value) Want(kind Kind, place string) error {
	if v.Kind != kind {
		return fmt.Errorf("line %d: %s is %s, want %s", v.Line, place, v.Kind, kind)
	}
	return nil
}

// Int is a whole number; place names it in the message. 2.0 is one.
func (v Value) Int(place string) (int, error) {
	if err := v.Want(Number, place); err != nil {
		return 0, err
	}
	if v.Number != math.Trunc(v.Number) || math.Abs(v.Number) > math.MaxInt32 {
		return 0, fmt.Errorf("line %d: %s = %v, want an integer", v.Line, place, v.Number)
	}
	return int(v.Number), nil
}

// Ints is a list of whole numbers.
func (v Value) Ints(place string) ([]int, error) {
	if err := v.Want(List, place); err != nil {
		return nil, err
	}
	list := make([]int, len(v.Items))
	for i, item := range v.Items {
		n, err := item.Int(fmt.Sprintf("%s[%d]", place, i))
		if err != nil {
			return nil, err
		}
		list[i] = n
	}
	return list, nil
}

// Matrix is a list of lists of numbers; place names it in the message.
func (v Value) Matrix(place string) ([][]float64, error) {
	if err := v.Want(List, place); err != nil {
		return nil, err
	}
	rows := make([][]float64, len(v.Items))
	for a, row := range v.Items {
		if err := row.Want(List, fmt.Sprintf("%s[%d]", place, a)); err != nil {
			return nil, err
		}
		rows[a] = make([]float64, len(row.Items))
		for b, item := range row.Items {
			if err := item.Want(Number, fmt.Sprintf("%s[%d][%d]", place, a, b)); err != nil {
				return nil, err
			}
			rows[a][b] = item.Number
		}
	}
	return rows, nil
}

package experiment

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"causalgrad/theory/suggest"

	"go.yaml.in/yaml/v3"
)

// SetFields sets the fields that a YAML mapping names. It reads them one by
// one, so that every error names its own line, field and value. Nothing is
// converted: a number with a fraction, an octal one or one out of range is no
// integer.
func (s *Spec) SetFields(root *yaml.Node) error {
	places, seen := map[string]int{}, map[string]bool{}
	for i, name := range FieldNames() {
		places[name] = i
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		place, known := places[key.Value]
		if !known {
			return fmt.Errorf("line %d: field %q: unknown, want one of %s%s", key.Line, key.Value, strings.Join(FieldNames(), ", "), suggest.Meant(key.Value, FieldNames()...))
		}
		if seen[key.Value] {
			return fmt.Errorf("line %d: field %q: given twice", key.Line, key.Value)
		}
		seen[key.Value] = true
		if err := setField(reflect.ValueOf(s).Elem().Field(place), value); err != nil {
			return fmt.Errorf("line %d: field %q: %w", max(key.Line, value.Line), key.Value, err)
		}
	}
	return nil
}

// FieldNames lists a spec's fields as they are written, in order.
func FieldNames() []string {
	var names []string
	spec := reflect.TypeFor[Spec]()
	for i := range spec.NumField() {
		name, _, _ := strings.Cut(spec.Field(i).Tag.Get("yaml"), ",")
		names = append(names, name)
	}
	return names
}

// setField reads a YAML value as what the field is: a word, a number, an integer
// or a list of them.
func setField(field reflect.Value, node *yaml.Node) error {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch field.Kind() {
	case reflect.Slice:
		return setList(field, node)
	case reflect.Map:
		if err := node.Decode(field.Addr().Interface()); err != nil {
			return errors.New("want lists of transition matrices by the text of their prior")
		}
		return nil
	}
	if node.Kind != yaml.ScalarNode {
		return errors.New("want a single value")
	}
	if node.ShortTag() == "!!null" {
		return errors.New("no value")
	}
	switch field.Kind() {
	case reflect.Int:
		n, err := strconv.ParseInt(node.Value, 10, strconv.IntSize)
		if err = integerError(node, err, fmt.Sprint(math.MinInt), fmt.Sprint(math.MaxInt)); err != nil {
			return err
		}
		field.SetInt(n)
	case reflect.Uint64:
		n, err := strconv.ParseUint(node.Value, 10, 64)
		if err = integerError(node, err, "0", fmt.Sprint(uint64(math.MaxUint64))); err != nil {
			return err
		}
		field.SetUint(n)
	case reflect.Float64:
		v, err := ParseNumber(node)
		if err != nil {
			return err
		}
		field.SetFloat(v)
	default:
		field.SetString(node.Value)
	}
	return nil
}

func setList(field reflect.Value, node *yaml.Node) error {
	if node.Kind != yaml.SequenceNode {
		return fmt.Errorf("%q, want a list", node.Value)
	}
	list := reflect.MakeSlice(field.Type(), len(node.Content), len(node.Content))
	for i, item := range node.Content {
		if err := setField(list.Index(i), item); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	field.Set(list)
	return nil
}

// decimal is an integer that is written in one way only: no octal, no
// underscores, no exponent.
var decimal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// integerError is what is wrong with an integer, given the error of parsing it.
func integerError(node *yaml.Node, err error, least, most string) error {
	switch tag := node.ShortTag(); {
	case tag != "!!int" && tag != "!!float" || !decimal.MatchString(node.Value): // !!float is what YAML calls an integer above 2^64
		return fmt.Errorf("%q, want an integer in decimal digits", node.Value)
	case err != nil:
		return fmt.Errorf("%s, want %s to %s", node.Value, least, most)
	}
	return nil
}

// number is a decimal number: no octal or hexadecimal one, no underscores.
var number = regexp.MustCompile(`^[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$`)

// ParseNumber reads a YAML value as a decimal number, .nan and .inf included.
func ParseNumber(node *yaml.Node) (v float64, err error) {
	if node.Kind != yaml.ScalarNode {
		return 0, errors.New("want a number")
	}
	tag := node.ShortTag()
	if tag == "!!float" && strings.ContainsAny(node.Value, "nNiI") { // .nan and .inf as YAML spells them
		err = node.Decode(&v)
	} else if tag != "!!float" && tag != "!!int" || !number.MatchString(node.Value) {
		err = strconv.ErrSyntax
	} else {
		v, err = strconv.ParseFloat(node.Value, 64)
	}
	if err != nil {
		return 0, fmt.Errorf("%q, want a number in decimal digits", node.Value)
	}
	return v, nil
}

// Package jsonfile writes and reads the JSON documents of this program: as
// encoding/json does, but for the numbers that JSON has no spelling for. NaN and
// the infinities are the strings "NaN", "+Inf" and "-Inf".
//
// It knows no document; types that write their own JSON are not looked into.
package jsonfile

import (
	"errors"
	"fmt"
	"math"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	legacy "github.com/go-json-experiment/json/v1"
)

// Names of the numbers that JSON has no spelling for.
const (
	NaN              = "NaN"
	Infinite         = "+Inf"
	NegativeInfinite = "-Inf"
)

// Name is the name of a number that JSON has no spelling for.
func Name(v float64) (name string, named bool) {
	switch {
	case math.IsNaN(v):
		return NaN, true
	case math.IsInf(v, 1):
		return Infinite, true
	case math.IsInf(v, -1):
		return NegativeInfinite, true
	}
	return "", false
}

// Number is the number of that name.
func Number(name string) (float64, error) {
	switch name {
	case NaN:
		return math.NaN(), nil
	case Infinite:
		return math.Inf(1), nil
	case NegativeInfinite:
		return math.Inf(-1), nil
	}
	return 0, fmt.Errorf("%.20q is no number, want one or %q, %q, %q", name, NaN, Infinite, NegativeInfinite)
}

var write = json.WithMarshalers(json.MarshalToFunc(func(e *jsontext.Encoder, v float64) error {
	if name, named := Name(v); named {
		return e.WriteToken(jsontext.String(name))
	}
	return errors.ErrUnsupported // as always
}))

var read = json.WithUnmarshalers(json.UnmarshalFromFunc(func(d *jsontext.Decoder, v *float64) error {
	if d.PeekKind() != '"' {
		return errors.ErrUnsupported // as always
	}
	token, err := d.ReadToken()
	if err == nil {
		*v, err = Number(token.String())
	}
	return err
}))

// Encode is v on one line, without a newline, in which "<" stands for itself.
func Encode(v any) ([]byte, error) {
	return json.Marshal(v, legacy.DefaultOptionsV1(), jsontext.EscapeForHTML(false), write)
}

// EncodeIndent is v with a field a line, indented by a blank a level.
func EncodeIndent(v any) ([]byte, error) {
	return json.Marshal(v, legacy.DefaultOptionsV1(), jsontext.WithIndent(" "), write)
}

// Decode reads one document into v. Fields that v does not have are left out.
func Decode(data []byte, v any) error {
	return json.Unmarshal(data, v, legacy.DefaultOptionsV1(), read)
}

// DecodeStrict is Decode, but fields that v does not have are refused.
func DecodeStrict(data []byte, v any) error {
	return json.Unmarshal(data, v, legacy.DefaultOptionsV1(), json.RejectUnknownMembers(true), read)
}

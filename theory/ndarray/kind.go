package ndarray

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Kind is the type of a file's numbers as NumPy writes it, without the byte
// order: f8, f4, f2, i1 to i8, u1 to u8 or b1; and bf16, which NumPy lacks.
type Kind string

// BFloat16 is the upper half of a float32.
const BFloat16 Kind = "bf16"

// decoders read one number; all but the 8-byte integers are exact.
var decoders = map[Kind]struct {
	width int
	at    func(order binary.ByteOrder, b []byte) float64
}{
	"f8": {8, func(o binary.ByteOrder, b []byte) float64 { return math.Float64frombits(o.Uint64(b)) }},
	"f4": {4, func(o binary.ByteOrder, b []byte) float64 { return float64(math.Float32frombits(o.Uint32(b))) }},
	"f2": {2, func(o binary.ByteOrder, b []byte) float64 { return half(o.Uint16(b)) }},
	BFloat16: {2, func(o binary.ByteOrder, b []byte) float64 {
		return float64(math.Float32frombits(uint32(o.Uint16(b)) << 16))
	}},
	"i8": {8, func(o binary.ByteOrder, b []byte) float64 { return float64(int64(o.Uint64(b))) }},
	"i4": {4, func(o binary.ByteOrder, b []byte) float64 { return float64(int32(o.Uint32(b))) }},
	"i2": {2, func(o binary.ByteOrder, b []byte) float64 { return float64(int16(o.Uint16(b))) }},
	"i1": {1, func(_ binary.ByteOrder, b []byte) float64 { return float64(int8(b[0])) }},
	"u8": {8, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint64(b)) }},
	"u4": {4, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint32(b)) }},
	"u2": {2, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint16(b)) }},
	"u1": {1, func(_ binary.ByteOrder, b []byte) float64 { return float64(b[0]) }},
	"b1": {1, func(_ binary.ByteOrder, b []byte) float64 { return float64(b[0]) }},
}

func (k Kind) known() bool { return decoders[k].at != nil }

// Width is the number of bytes of one number.
func (k Kind) Width() int { return decoders[k].width }

// maxExact bounds integers: float64 holds every one below, and rounds some beyond to it.
const maxExact = 1 << 53

// Decode reads the numbers of a known kind, one after the other. Integers
// beyond 2^53 and truth values other than 0 and 1 are an error.
func (k Kind) Decode(data []byte, bigEndian bool) ([]float64, error) {
	d := decoders[k]
	var order binary.ByteOrder = binary.LittleEndian
	if bigEndian {
		order = binary.BigEndian
	}
	flat := make([]float64, len(data)/d.width)
	for i := range flat {
		v := d.at(order, data[i*d.width:])
		if (k == "i8" || k == "u8") && math.Abs(v) >= maxExact || k == "b1" && v > 1 {
			return nil, fmt.Errorf("entry %d is %.0f, beyond what is read exactly", i, v)
		}
		flat[i] = v
	}
	return flat, nil
}

// half widens an IEEE 754 binary16 exactly.
func half(bits uint16) float64 {
	sign, exponent, fraction := bits>>15, int(bits>>10&31), float64(bits&1023)
	var v float64
	switch exponent {
	case 0:
		v = math.Ldexp(fraction, -24)
	case 31:
		v = math.Inf(1)
		if fraction != 0 {
			v = math.NaN()
		}
	default:
		v = math.Ldexp(1024+fraction, exponent-25)
	}
	if sign == 1 {
		v = -v
	}
	return v
}

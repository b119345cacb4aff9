package fingerprint

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
)

// digest is a SHA-256 of float64 bits, little-endian. All NaN count as one: which
// payload a NaN carries is the one thing that processors disagree on.
type digest struct {
	sum  hash.Hash
	word [8]byte
}

func newDigest() *digest { return &digest{sum: sha256.New()} }

func (d *digest) bits(v uint64) {
	binary.LittleEndian.PutUint64(d.word[:], v)
	d.sum.Write(d.word[:]) // a hash never fails
}

func (d *digest) numbers(values ...float64) {
	for _, v := range values {
		if math.IsNaN(v) {
			v = math.NaN()
		}
		d.bits(math.Float64bits(v))
	}
}

func (d *digest) matrix(rows [][]float64) {
	for _, row := range rows {
		d.numbers(row...)
	}
}

func (d *digest) hex() string { return hex.EncodeToString(d.sum.Sum(nil)) }

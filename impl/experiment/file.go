package experiment

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"causalgrad/impl/jsonfile"
)

// A record's file is the record as indented JSON with one field put before the
// others: the SHA-256 of everything behind its line. That is one line of bytes
// to compare, whatever later versions add to a record.
const (
	checksumStart = "{\n \"sha256\": \""
	checksumEnd   = "\",\n"
	checksumSize  = 64
)

// ErrForeign is what DecodeRecord says of what does not begin as a record's file.
var ErrForeign = errors.New("not a record of this program, or cut off in its first line")

// EncodeRecord returns the bytes of a record's file.
func EncodeRecord(r Record) ([]byte, error) {
	text, err := jsonfile.EncodeIndent(r)
	if err != nil {
		return nil, fmt.Errorf("record %q: %w", r.Spec.ID, err)
	}
	rest := append(bytes.TrimPrefix(text, []byte("{\n")), '\n')
	return append([]byte(checksumStart+hashBytes(rest)+checksumEnd), rest...), nil
}

// DecodeRecord reads the bytes of a record's file and refuses damaged and
// foreign ones.
func DecodeRecord(data []byte) (Record, error) {
	start := len(checksumStart) + checksumSize + len(checksumEnd)
	if len(data) < start || !strings.HasPrefix(string(data), checksumStart) {
		return Record{}, ErrForeign
	}
	if string(data[:start]) != checksumStart+hashBytes(data[start:])+checksumEnd {
		return Record{}, errors.New("damaged: the checksum does not match")
	}
	var r Record
	if err := jsonfile.DecodeStrict(append([]byte("{\n"), data[start:]...), &r); err != nil {
		return Record{}, fmt.Errorf("not a record: %w", oneLine(err))
	}
	if r.Schema != Schema {
		return Record{}, fmt.Errorf("schema %q, want %q", r.Schema, Schema)
	}
	return r, nil
}

// sameBits reports whether two records agree in everything that their spec
// determines.
func sameBits(a, b Record) (bool, error) {
	one, err := jsonfile.Encode(a.Canonical())
	if err != nil {
		return false, err
	}
	other, err := jsonfile.Encode(b.Canonical())
	return bytes.Equal(one, other), err
}

package userfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Text is a file's content as text: a byte-order mark is dropped, UTF-16 with
// one (as spreadsheets save it) is decoded, and every line ends in "\n". Bytes
// that are no text are an error that says what they look like.
func Text(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data = fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = fromUTF16(data[2:], binary.BigEndian)
	}
	if foreign := Foreign(data); foreign != "" {
		return "", errors.New("is " + foreign)
	}
	if at := notUTF8(data); at >= 0 {
		return "", fmt.Errorf("is not text: line %d has the byte 0x%02X, want UTF-8 (or UTF-16 with its mark)",
			1+bytes.Count(data[:at], []byte("\n")), data[at])
	}
	text := string(data)
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return text, nil
}

// notUTF8 is the place of the first byte that no text in UTF-8 has there, or a
// zero; -1: none.
func notUTF8(data []byte) int {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// signatures are the first bytes of formats that no reader here reads.
var signatures = []struct{ first, name string }{
	{"\x89HDF", "an HDF5 file"}, {"PAR1", "a Parquet file"}, {"ARROW1", "an Arrow file"}, {"FEA1", "a Feather file"},
	{"\xd0\xcf\x11\xe0", "an old Excel file"}, {"MATLAB 5.0", "a MATLAB file"}, {"SQLite format 3", "an SQLite file"},
	{"%PDF", "a PDF"}, {"\x89PNG", "a picture"}, {"BZh", "a bzip2 archive"},
	{"\xfd7zXZ", "an xz archive"}, {"\x28\xb5\x2f\xfd", "a zstd archive"},
	{"\x1f\x8b", "a gzip archive within another"}, {"RDX", "an R data file"}, {"X\n\x00\x00\x00", "an R data file"},
	{"<!DOCTYPE html", "a web page"}, {"%%MatrixMarket", "a Matrix Market file"}, {"PK\x05\x06", "an archive without members"},
}

// Archive is what Foreign calls a zip archive of nothing that it knows.
const Archive = "a zip archive"

// Pickle is what Foreign calls a file that only Python can load, because
// loading it runs code.
const Pickle = "a Python pickle"

// Foreign names a format by its first bytes, "" when it is none that is known:
// for refusals that say what a file is.
func Foreign(data []byte) string {
	switch {
	case len(data) > 2 && data[0] == 0x80 && data[1] >= 2 && data[1] <= 5:
		return Pickle
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		// The first members' names stand in the first bytes.
		head := data[:min(len(data), 4096)]
		switch {
		case bytes.Contains(head, []byte("data.pkl")):
			return Pickle
		case bytes.Contains(head, []byte("[Content_Types].xml")):
			return "an Excel file"
		}
		return Archive
	}
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.first)) {
			return s.name
		}
	}
	return ""
}

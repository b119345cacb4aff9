// Package userfile reads what other programs wrote for this one: whole files
// within a bound, JSON with the line of every value, and tables of text with
// the line of every row. Readers of graphs, chains, sequences and weights
// stand on it, so that every refusal names the file, the line and the reason.
//
// It knows no meaning of what it reads, writes nothing and never runs code that
// a file holds.
package userfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"sync"
)

// Stdin is the name that means standard input.
const Stdin = "-"

// Read returns the content of a file, a pipe or standard input; a gzip file is
// unpacked. More than limit bytes, also unpacked ones, are an error. It may be
// called again: what a pipe held is kept. Errors do not name the file; see Error.
func Read(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	if name != Stdin && (err != nil || info.Mode()&fs.ModeNamedPipe == 0) {
		return ReadOnce(name, limit)
	}
	held.Lock()
	defer held.Unlock()
	key := pipe{name, os.Stdin}
	if data, ok := held.content[key]; ok {
		return data, nil
	}
	data, err := ReadOnce(name, limit)
	if err == nil {
		held.content[key] = data
	}
	return data, err
}

// pipe names a pipe, or standard input as it is now.
type pipe struct {
	name  string
	stdin *os.File
}

// held is what pipes held, for those who read them again.
var held = struct {
	sync.Mutex
	content map[pipe][]byte
}{content: map[pipe][]byte{}}

// ReadOnce is Read for what is not read again: it keeps nothing.
func ReadOnce(name string, limit int64) ([]byte, error) {
	if name == Stdin {
		return unpack(os.Stdin, limit)
	}
	if name == "" {
		return nil, errors.New("no file name given")
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	switch mode := info.Mode(); {
	case mode.IsDir():
		return nil, errors.New("is a directory, want a file")
	case !mode.IsRegular() && mode&fs.ModeNamedPipe == 0:
		return nil, errors.New("is a device or a socket, want a file")
	case info.Size() > limit:
		return nil, tooLarge(limit)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	return unpack(f, limit)
}

func tooLarge(limit int64) error { return fmt.Errorf("want a file of at most %d bytes", limit) }

// unpack reads everything, through gzip where the first bytes are gzip's.
func unpack(r io.Reader, limit int64) ([]byte, error) {
	source := bufio.NewReader(r)
	var content io.Reader = source
	if first, err := source.Peek(2); err == nil && bytes.Equal(first, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(source)
		if err != nil {
			return nil, fmt.Errorf("not a readable gzip file: %w", err)
		}
		content = unzipped
	}
	data, err := io.ReadAll(io.LimitReader(content, limit+1))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.New("the gzip file is truncated")
	}
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(limit)
	}
	return data, nil
}

// Error makes an error name the file and drops the operation's name from it.
func Error(name string, err error) error {
	if err == nil {
		return nil
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("file %s: %w", Printable(name), err)
}

// longest is how many bytes of a user's text a message repeats.
const longest = 80

// Printable is text as a message may repeat it: on one line, and long ones
// without their middle.
func Printable(text string) string {
	if quoted := strconv.Quote(text); quoted != `"`+text+`"` {
		text = quoted
	}
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest/2]) + "..." + string(runes[len(runes)-longest/2:])
	}
	return text
}

package userfile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Separator is what stands between the cells of a line.
type Separator string

// The separators, by the names that users give them. Auto is the first of the
// others that the first line has; Space is any run of blanks and tabs.
const (
	Auto      Separator = "auto"
	Semicolon Separator = "semicolon"
	Tab       Separator = "tab"
	Comma     Separator = "comma"
	Bar       Separator = "bar"
	Space     Separator = "space"
)

// Separators lists them all, for help texts and messages.
const Separators = "auto, comma, semicolon, tab, bar or space"

// runes of the separators that are one character, in the order in which they
// are looked for.
var runes = []struct {
	separator Separator
	r         rune
}{{Semicolon, ';'}, {Tab, '\t'}, {Comma, ','}, {Bar, '|'}}

// ParseSeparator reads a separator's name or the character itself.
func ParseSeparator(text string) (Separator, error) {
	switch s := Separator(text); s {
	case Auto, Semicolon, Tab, Comma, Bar, Space:
		return s, nil
	}
	for _, s := range runes {
		if text == string(s.r) || s.r == '\t' && text == `\t` {
			return s.separator, nil
		}
	}
	if text == " " {
		return Space, nil
	}
	return "", fmt.Errorf("separator %q, want %s", Printable(text), Separators)
}

// spreadsheet is a first line with which Excel says the separator.
var spreadsheet = regexp.MustCompile(`^sep=([;,|\t])\n`)

// EachRow calls f with the cells of every line of a text, trimmed and without
// quotes, and the line's number from 1. Empty lines and lines that begin with #
// are left out, other programs' comments are an error. It returns the separator
// that it used. An error of f ends it. The cells are valid during the call.
func EachRow(text string, separator Separator, f func(line int, cells []string) error) (Separator, error) {
	return eachRow(text, separator, func(line int, cells []string) error {
		for _, mark := range []string{"%", "//"} {
			if strings.HasPrefix(cells[0], mark) {
				return fmt.Errorf("line %d begins with %s, a comment in other programs: here comments begin with #", line, mark)
			}
		}
		return f(line, cells)
	})
}

func eachRow(text string, separator Separator, f func(line int, cells []string) error) (Separator, error) {
	if separator == Auto {
		if said := spreadsheet.FindStringSubmatch(text); said != nil {
			separator, _ = ParseSeparator(said[1]) // one of those that the pattern allows
			text = "\n" + text[len(said[0]):]
		} else {
			separator = separatorOf(text)
		}
	}
	if separator == Space {
		return separator, eachLine(text, f)
	}
	at := slices.IndexFunc(runes, func(s struct {
		separator Separator
		r         rune
	}) bool {
		return s.separator == separator
	})
	if at < 0 {
		return separator, fmt.Errorf("separator %q, want %s", separator, Separators)
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.Comment, reader.FieldsPerRecord = runes[at].r, '#', -1
	reader.ReuseRecord, reader.TrimLeadingSpace = true, separator != Tab
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return separator, nil
		}
		var damaged *csv.ParseError
		if errors.As(err, &damaged) {
			return separator, fmt.Errorf("line %d: %w", damaged.Line, damaged.Err)
		}
		if err != nil {
			return separator, err
		}
		for i, cell := range cells {
			cells[i] = strings.TrimSpace(cell)
		}
		line, _ := reader.FieldPos(0)
		if len(cells) == 1 && cells[0] == "" {
			continue
		}
		if err := f(line, cells); err != nil {
			return separator, err
		}
	}
}

func eachLine(text string, f func(line int, cells []string) error) error {
	n := 0
	for line := range strings.Lines(text) {
		n++
		cells := strings.Fields(line)
		if len(cells) == 0 || strings.HasPrefix(cells[0], "#") {
			continue
		}
		for i, cell := range cells {
			if len(cell) >= 2 && cell[0] == '"' && cell[len(cell)-1] == '"' {
				cells[i] = cell[1 : len(cell)-1]
			}
		}
		if err := f(n, cells); err != nil {
			return err
		}
	}
	return nil
}

// separatorOf looks at the first line that is neither empty nor a comment.
func separatorOf(text string) Separator {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		for _, s := range runes {
			if strings.ContainsRune(line, s.r) {
				return s.separator
			}
		}
		return Space
	}
	return Space
}

// Row is one line of a small table.
type Row struct {
	Line  int
	Cells []string
}

// maxCells bounds a table that is read whole.
const maxCells = 1 << 24

// Rows reads a whole table; see EachRow.
func Rows(text string, separator Separator) ([]Row, Separator, error) {
	var rows []Row
	n := 0
	separator, err := EachRow(text, separator, func(line int, cells []string) error {
		if n += len(cells); n > maxCells {
			return fmt.Errorf("line %d: more than %d cells: save numbers as a .npy array", line, maxCells)
		}
		rows = append(rows, Row{line, slices.Clone(cells)})
		return nil
	})
	return rows, separator, err
}

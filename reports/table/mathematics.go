package table

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// greekNames are the letters that sentences name in words.
const greekNames = `alpha|beta|gamma|delta|eps|eta|lambda|mu|pi|rho|sigma|tau|chi`

// mathematical finds what is mathematics in a sentence, one alternative a kind.
var mathematical = regexp.MustCompile(strings.Join([]string{
	`\|\|(?P<norm>[A-Z])\|\|_(?P<kind>[A-Z])`,                                                                       // ||B||_F
	`(?P<matrix>` + greekNames + `|[A-Za-z])\[(?P<row>[a-z0-9])\](?:\[(?P<column>[a-z0-9])\])?`,                     // pi[a][b]
	`(?P<base>(?:` + greekNames + `)\d*|[A-Za-z](?:_[A-Za-z0-9]+)?|\d+|\))\^(?P<power>-?[A-Za-z0-9]+(?:\.[0-9]+)?)`, // T_eff^0.4
	`(?P<letter>lambda|[A-Za-z])_(?P<index>[A-Za-z0-9]+)`,                                                           // T_eff
	`(?P<greek>` + greekNames + `)(?P<number>\d*)`,                                                                  // beta0
	`(?P<least>L)\*`, // L*
	`(?P<variable>[A-Z]) = (?P<value>-?\d+(?:\.\d+)?)`,              // T = 7
	`(?P<mantissa>-?\d+(?:\.\d+)?)e(?P<down>-?)0*(?P<exponent>\d+)`, // 1.5e-27
	`(?P<negative>-\d+(?:\.\d+)?)`,                                  // -0.9
	`(?P<relation><=|>=| - )`,
}, "|"))

// setting is how a format sets text: words as they stand, and mathematics, of which part gives what mathematical found by name.
type setting struct {
	words   func(text string) string
	formula func(part func(name string) string) string
}

// set is text with its mathematics set as mathematics and everything else as it stands.
func (s setting) set(text string) string {
	var b strings.Builder
	at := 0
	for from := 0; from < len(text); {
		m := mathematical.FindStringSubmatchIndex(text[from:])
		if m == nil {
			break
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += from
			}
		}
		if from = m[0] + 1; !apart(text, m[0], m[1]) { // something in it may be
			continue
		}
		b.WriteString(s.words(text[at:m[0]]))
		b.WriteString(s.formula(func(name string) string {
			if i := 2 * mathematical.SubexpIndex(name); m[i] >= 0 {
				return text[m[i]:m[i+1]]
			}
			return ""
		}))
		at, from = m[1], m[1]
	}
	return b.String() + s.words(text[at:])
}

// apart reports whether text[from:to] is no part of a word, a flag, a file's name or a
// list of numbers.
func apart(text string, from, to int) bool {
	before, width := utf8.DecodeLastRuneInString(text[:from])
	after, size := utf8.DecodeRuneInString(text[to:])
	beyond, _ := utf8.DecodeRuneInString(text[to+size:])
	first, _ := utf8.DecodeRuneInString(text[from:])
	last, _ := utf8.DecodeLastRuneInString(text[:to])
	switch {
	case first == '-' && from > 0 && !strings.ContainsRune(" ([", before):
		return false // a hyphen, or an entry of a list
	case before == '/' && !divides(text, from-width), after == '/' && !divides(text, to):
		return false
	case alphanumeric(first) && (alphanumeric(before) || strings.ContainsRune(`-_.@:\[,`, before)):
		return false
	}
	return !alphanumeric(last) || !(alphanumeric(after) || after == '_' || strings.ContainsRune(".-:", after) && alphanumeric(beyond))
}

// divides reports whether the slash is that of a fraction: it has one letter or digit, a
// parenthesis or a space on a side.
func divides(text string, slash int) bool {
	short := func(s string, reach func(string) string) bool {
		s = reach(s)
		return s == "" || utf8.RuneCountInString(s) == 1
	}
	ends := func(r rune) bool { return !alphanumeric(r) && r != '_' && r != '.' }
	return short(text[:slash], func(s string) string { return s[strings.LastIndexFunc(s, ends)+1:] }) ||
		short(text[slash+1:], func(s string) string {
			if end := strings.IndexFunc(s, ends); end >= 0 {
				return s[:end]
			}
			return s
		})
}

var named = regexp.MustCompile(`^(` + greekNames + `)(?:_?([A-Za-z0-9]+))?$`)

// indexed is the letter of a variable, or the Greek one's name, and its index.
func indexed(name string) (letter, index string, isGreek bool) {
	if m := named.FindStringSubmatch(name); m != nil {
		return m[1], m[2], true
	}
	letter, index, _ = strings.Cut(name, "_")
	return letter, index, false
}

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
	`(?P<variable>[A-Z]) = (?P<value>-?\d+(?:\.\d+)?)`,  // T = 7
	`(?P<mantissa>-?\d+(?:\.\d+)?)e(?P<exponent>-?\d+)`, // 1.5e-27
	`(?P<relation><=|>=| - )`,
}, "|"))

// withMathematics is text for LaTeX, its mathematics set as mathematics and everything
// else as it stands.
func withMathematics(text string) string {
	var b strings.Builder
	at := 0
	for _, m := range mathematical.FindAllStringSubmatchIndex(text, -1) {
		if !apart(text, m[0], m[1]) {
			continue
		}
		b.WriteString(breakable(text[at:m[0]]))
		b.WriteString(formula(text, m))
		at = m[1]
	}
	b.WriteString(breakable(text[at:]))
	return b.String()
}

// apart reports whether text[from:to] is no part of a word, a flag, a file's name or a
// list of numbers.
func apart(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, size := utf8.DecodeRuneInString(text[to:])
	beyond, _ := utf8.DecodeRuneInString(text[to+size:])
	first, _ := utf8.DecodeRuneInString(text[from:])
	last, _ := utf8.DecodeLastRuneInString(text[:to])
	if alphanumeric(first) && (alphanumeric(before) || strings.ContainsRune(`-_./@:\[,`, before)) {
		return false
	}
	return !alphanumeric(last) || !(alphanumeric(after) || after == '_' || strings.ContainsRune(".-/:", after) && alphanumeric(beyond))
}

// formula is a match of mathematical as LaTeX.
func formula(text string, m []int) string {
	part := func(name string) string {
		if i := 2 * mathematical.SubexpIndex(name); m[i] >= 0 {
			return text[m[i]:m[i+1]]
		}
		return ""
	}
	var inside string
	switch {
	case part("norm") != "":
		inside = `\|` + part("norm") + `\|_` + part("kind")
	case part("matrix") != "":
		inside = symbol(part("matrix")) + "_{" + part("row") + part("column") + "}"
	case part("base") != "":
		inside = symbol(part("base")) + "^{" + symbol(part("power")) + "}"
	case part("letter") != "":
		inside = symbol(part("letter") + "_" + part("index"))
	case part("greek") != "":
		inside = symbol(part("greek") + part("number"))
	case part("least") != "":
		inside = "L^*"
	case part("variable") != "":
		inside = part("variable") + " = " + part("value")
	case part("mantissa") != "":
		inside = part("mantissa") + `\times10^{` + part("exponent") + "}"
	default:
		return map[string]string{"<=": `$\le$`, ">=": `$\ge$`, " - ": ` $-$ `}[part("relation")]
	}
	return "$" + inside + "$"
}

var named = regexp.MustCompile(`^(` + greekNames + `)(?:_?([A-Za-z0-9]+))?$`)

// symbol is a variable, with its index, as LaTeX.
func symbol(name string) string {
	index := ""
	if m := named.FindStringSubmatch(name); m != nil {
		name, index = `\`+m[1], m[2]
		if m[1] == "eps" {
			name = `\varepsilon`
		}
	} else if letter, rest, ok := strings.Cut(name, "_"); ok {
		name, index = letter, rest
	}
	switch {
	case index == "":
		return name
	case len(index) > 1 && strings.Trim(index, "0123456789") != "":
		return name + `_{\mathrm{` + index + "}}"
	}
	return name + "_{" + index + "}"
}

var long = regexp.MustCompile(`\S{30,}`)

// breakable is text escaped for LaTeX, whose lines may end after the commas of lists that
// have no spaces.
func breakable(text string) string {
	var b strings.Builder
	at := 0
	for _, m := range long.FindAllStringIndex(text, -1) {
		b.WriteString(escapeLaTeX(text[at:m[0]]))
		b.WriteString(strings.ReplaceAll(escapeLaTeX(text[m[0]:m[1]]), ",", `,\allowbreak{}`))
		at = m[1]
	}
	return b.String() + escapeLaTeX(text[at:])
}

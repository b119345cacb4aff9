package table

import (
	"regexp"
	"strings"
)

// withMathematics is text for LaTeX.
func withMathematics(text string) string { return setting{breakable, latexFormula}.set(text) }

// latexFormula is mathematics as LaTeX.
func latexFormula(part func(string) string) string {
	var inside string
	switch {
	case part("norm") != "":
		inside = `\|` + part("norm") + `\|_` + part("kind")
	case part("matrix") != "":
		inside = latexSymbol(part("matrix")) + "_{" + part("row") + part("column") + "}"
	case part("base") != "":
		inside = latexSymbol(part("base")) + "^{" + latexSymbol(part("power")) + "}"
	case part("letter") != "":
		inside = latexSymbol(part("letter") + "_" + part("index"))
	case part("greek") != "":
		inside = latexSymbol(part("greek") + part("number"))
	case part("least") != "":
		inside = "L^*"
	case part("variable") != "":
		inside = part("variable") + " = " + part("value")
	case part("mantissa") == "1":
		inside = "10^{" + part("down") + part("exponent") + "}"
	case part("mantissa") != "":
		inside = part("mantissa") + `\times10^{` + part("down") + part("exponent") + "}"
	case part("negative") != "":
		inside = part("negative")
	default:
		return map[string]string{"<=": `$\le$`, ">=": `$\ge$`, " - ": ` $-$ `}[part("relation")]
	}
	return "$" + inside + "$"
}

// latexSymbol is a variable, with its index, as LaTeX.
func latexSymbol(name string) string {
	letter, index, isGreek := indexed(name)
	switch {
	case letter == "eps" && isGreek:
		letter = `\varepsilon`
	case isGreek:
		letter = `\` + letter
	}
	switch {
	case index == "":
		return letter
	case len(index) > 1 && strings.Trim(index, "0123456789") != "":
		return letter + `_{\mathrm{` + index + "}}"
	}
	return letter + "_{" + index + "}"
}

var long = regexp.MustCompile(`\S{30,}`)

// breakable is text escaped for LaTeX, whose lines may end after the commas of lists
// that have no spaces and the slashes of long paths.
func breakable(text string) string {
	var b strings.Builder
	at := 0
	for _, m := range long.FindAllStringIndex(text, -1) {
		b.WriteString(escapeLaTeX(text[at:m[0]]))
		b.WriteString(strings.NewReplacer(",", `,\allowbreak{}`, "/", `/\allowbreak{}`).Replace(escapeLaTeX(text[m[0]:m[1]])))
		at = m[1]
	}
	return b.String() + escapeLaTeX(text[at:])
}

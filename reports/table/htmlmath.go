package table

import "strings"

// Mathematics is a sentence or a line of numbers as HTML, with Greek letters, indices, powers and minus signs.
func Mathematics(text string) string { return setting{escapeHTML, htmlFormula}.set(text) }

// greekLetters are those of greekNames.
var greekLetters = map[string]string{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "eta": "η", "lambda": "λ", "mu": "μ", "pi": "π",
	"rho": "ρ", "sigma": "σ", "tau": "τ", "chi": "χ"}

// minusSigns replaces hyphens, in what is known to be mathematics.
var minusSigns = strings.NewReplacer("-", "\u2212")

// htmlFormula is mathematics as HTML.
func htmlFormula(part func(string) string) string {
	switch {
	case part("norm") != "":
		return "‖" + part("norm") + "‖<sub>" + part("kind") + "</sub>"
	case part("matrix") != "":
		return htmlSymbol(part("matrix")) + "<sub>" + part("row") + part("column") + "</sub>"
	case part("base") != "":
		return htmlSymbol(part("base")) + "<sup>" + minusSigns.Replace(htmlSymbol(part("power"))) + "</sup>"
	case part("letter") != "":
		return htmlSymbol(part("letter") + "_" + part("index"))
	case part("greek") != "":
		return htmlSymbol(part("greek") + part("number"))
	case part("least") != "":
		return "L<sup>*</sup>"
	case part("variable") != "":
		return part("variable") + " = " + minusSigns.Replace(part("value"))
	case part("mantissa") == "1":
		return "10<sup>" + minusSigns.Replace(part("down")) + part("exponent") + "</sup>"
	case part("mantissa") != "":
		return minusSigns.Replace(part("mantissa")) + "×10<sup>" + minusSigns.Replace(part("down")) + part("exponent") + "</sup>"
	case part("negative") != "":
		return minusSigns.Replace(part("negative"))
	}
	return map[string]string{"<=": "≤", ">=": "≥", " - ": " \u2212 "}[part("relation")]
}

// htmlSymbol is a variable, with its index, as HTML.
func htmlSymbol(name string) string {
	letter, index, isGreek := indexed(name)
	if isGreek {
		letter = greekLetters[letter]
	}
	if index == "" {
		return letter
	}
	return letter + "<sub>" + index + "</sub>"
}

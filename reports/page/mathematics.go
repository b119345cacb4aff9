package page

import (
	"html/template"
	"regexp"
	"strings"
)

// letters are the Greek letters that sentences name in words.
var letters = map[string]string{"alpha": "α", "beta": "β", "gamma": "γ", "eps": "ε", "mu": "μ", "pi": "π", "rho": "ρ"}

var (
	greek       = regexp.MustCompile(`\b(alpha|beta|gamma|eps|mu|pi|rho)(\d*)\b`)
	superscript = regexp.MustCompile(`([A-Za-z0-9α-ω)])\^(-?[A-Za-z0-9.α-ω]+)`)
	signs       = strings.NewReplacer("&lt;=", "≤", "&gt;=", "≥", " - ", " − ", "L*", "L<sup>*</sup>")
	minus       = regexp.MustCompile(`(^|[\s\[(,])-(\d)`)
	unit        = regexp.MustCompile(`(^|[^\d.])1·10<sup>`)
	scientific  = regexp.MustCompile(`(\d)e(-?)0?(\d+)\b`)
)

// mathematics is a sentence or a line of numbers as HTML, its mathematics set as
// mathematics: superscripts, Greek letters, minus signs and powers of ten. Commands
// and names of files are not to be given to it.
func mathematics(text string) template.HTML {
	s := template.HTMLEscapeString(text)
	s = scientific.ReplaceAllStringFunc(s, func(m string) string {
		p := scientific.FindStringSubmatch(m)
		sign := ""
		if p[2] != "" {
			sign = "−"
		}
		return p[1] + "·10<sup>" + sign + p[3] + "</sup>"
	})
	s = unit.ReplaceAllString(s, "${1}10<sup>")
	s = greek.ReplaceAllStringFunc(s, func(m string) string {
		p := greek.FindStringSubmatch(m)
		if p[2] == "" {
			return letters[p[1]]
		}
		return letters[p[1]] + "<sub>" + p[2] + "</sub>"
	})
	s = superscript.ReplaceAllString(s, "$1<sup>$2</sup>")
	s = minus.ReplaceAllString(s, "$1−$2")
	return template.HTML(signs.Replace(s))
}

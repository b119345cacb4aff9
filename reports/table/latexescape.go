package table

import "strings"

// latexEscapes make LaTeX set text as it stands. Beyond its ten special characters: "[" and "*" would be read as arguments of the
// row's end before them, "--" and doubled quotes become other signs, "<", ">" and "|" are other glyphs in its oldest fonts, and the signs
// of mathematics that reports use have names.
var latexEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`, "_", `\_`,
	"~", `\textasciitilde{}`, "^", `\textasciicircum{}`,
	"[", "{[}", "*", "{*}", "--", "-{}-{}", "''", "'{}'{}", ",,", ",{},{}", "`", `\textasciigrave{}`,
	"<", `\textless{}`, ">", `\textgreater{}`, "|", `\textbar{}`,
	"\u2212", "$-$", "±", `$\pm$`, "×", `$\times$`, "·", `$\cdot$`, "≤", `$\le$`, "≥", `$\ge$`, "≠", `$\ne$`, "≈", `$\approx$`,
	"→", `$\to$`, "∞", `$\infty$`, "√", `$\surd$`, "²", `$^2$`, "³", `$^3$`,
	"α", `$\alpha$`, "β", `$\beta$`, "γ", `$\gamma$`, "δ", `$\delta$`, "ε", `$\varepsilon$`, "η", `$\eta$`, "θ", `$\theta$`,
	"λ", `$\lambda$`, "μ", `$\mu$`, "µ", `$\mu$`, "π", `$\pi$`, "ρ", `$\rho$`, "σ", `$\sigma$`, "τ", `$\tau$`, "χ", `$\chi$`, "Σ", `$\Sigma$`,
)

// escapeLaTeX keeps newlines, for the caller to break or join lines.
func escapeLaTeX(s string) string { return latexEscapes.Replace(s) }

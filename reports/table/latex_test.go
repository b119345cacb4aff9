package table

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// latexCommands are those a table may contain; a backslash before anything else is an escaped character or an accident.
var latexCommands = strings.Fields(`usepackage begin end centering caption label toprule midrule bottomrule tabularnewline multicolumn newline
	textsuperscript textbackslash textasciitilde textasciicircum textasciigrave textless textgreater textbar raggedright arraybackslash linewidth
	par smallskip medskip footnotesize times mathrm infty pm cdot le ge ne approx to surd alpha beta gamma delta varepsilon eta theta lambda mu pi rho
	sigma tau chi Sigma allowbreak begingroup endgroup endhead endfoot | shortstack small setlength tabcolsep \`)

var latexCommand = regexp.MustCompile(`\\([a-zA-Z]+|.)`)

// withoutCommands fails on an unknown command and drops the others, escaped characters included.
func withoutCommands(t require.TestingT, s string) string {
	return latexCommand.ReplaceAllStringFunc(s, func(command string) string {
		if name := command[1:]; !strings.Contains("&%$#_{}", name) {
			require.Contains(t, latexCommands, name)
		}
		return ""
	})
}

var siunitxColumn = regexp.MustCompile(`\[table-format=-?\d+\.\d+(\(\d+\))?(e-?\d+)?\]`)

// This reads a table as TeX would, of anything that a table can hold: known commands, braces balanced, mathematics closed, no bare special
// character, and every column once, but for keys that stand in each tabular.
func TestLaTeXIsWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable().Draw(t, "table")
		if err := table.Check(); err != nil {
			t.Skip(err)
		}
		var out bytes.Buffer
		require.NoError(t, Render(&out, FormatLaTeX, table))
		_, body, _ := strings.Cut(out.String(), "\n") // the comment
		bare := withoutCommands(t, body)
		require.NotContains(t, bare, `\`)
		bare = strings.ReplaceAll(siunitxColumn.ReplaceAllString(bare, ""), "[r]", "")
		require.False(t, strings.ContainsAny(strings.NewReplacer("L^*", "", "{[}", "", "{*}", "", "{<}", "").Replace(bare), "#%~`[*|<"), "bare special character in %s", bare)
		depth := 0
		for _, r := range bare {
			switch r {
			case '{':
				depth++
			case '}':
				depth--
			}
			require.GreaterOrEqual(t, depth, 0)
		}
		require.Zero(t, depth)
		columns, panels := 0, 0
		var rows []int
		for line := range strings.Lines(body) {
			require.Zero(t, strings.Count(strings.ReplaceAll(line, `\$`, ""), "$")%2, "open mathematics: %s", line)
			if strings.HasPrefix(line, `  \begin{tabular}`) || strings.HasPrefix(line, `  \begin{longtable}`) {
				panels, rows = panels+1, append(rows, 0)
			}
			if !strings.HasSuffix(line, " \\tabularnewline\n") {
				continue
			}
			if rows[panels-1]++; rows[panels-1] == 1 {
				columns += 1 + strings.Count(strings.ReplaceAll(line, `\&`, ""), "&")
			}
		}
		for _, n := range rows {
			require.Equal(t, 1+len(table.Rows), n)
		}
		repeated := columns - len(table.Columns)
		require.True(t, panels == 1 && repeated == 0 || panels > 1 && repeated >= panels-1 && repeated%(panels-1) == 0, "%d columns in %d panels", columns, panels)
	})
}

func TestLaTeXEscapesItsTenCharacters(t *testing.T) {
	require.Equal(t, `\& \% \_ \$ \# \{ \} \textasciitilde{} \textasciicircum{} \textbackslash{}`, escapeLaTeX(`& % _ $ # { } ~ ^ \`))
	require.Equal(t, `11 $\mu$s, $\mu$`, escapeLaTeX("11 µs, μ"), "the micro sign and the letter")
}

// Mathematics in words becomes mathematics, and names, flags and lists stay as they are.
func TestMathematicsInLaTeX(t *testing.T) {
	for text, want := range map[string]string{
		"loss - L*":                "loss $-$ $L^*$",
		"T^-1.003, T_eff^0.414":    `$T^{-1.003}$, $T_{\mathrm{eff}}^{0.414}$`,
		"rho^2 <= 1 - gamma":       `$\rho^{2}$ $\le$ 1 $-$ $\gamma$`,
		"||B||_F >= gamma":         `$\|B\|_F$ $\ge$ $\gamma$`,
		"E pi[a][b], mu[a], beta0": `E $\pi_{ab}$, $\mu_{a}$, $\beta_{0}$`,
		"S = 3, T = 20":            "$S = 3$, $T = 20$",
		"1 - |lambda_2|":           `1 $-$ \textbar{}$\lambda_{2}$\textbar{}`,
		"0%: 1.27e-43":             `0\%: $1.27\times10^{-43}$`,
		"eps":                      `$\varepsilon$`,
		"at -0.97, below 1e-06":    `at $-0.97$, below $10^{-6}$`,
		"floor:alpha, --beta0 pi.json, argmax_right, spectral-gap": `floor:alpha, -{}-{}beta0 pi.json, argmax\_right, spectral-gap`,
		"[[1.5e-13,0.5],[2e-7,1]]":                                 `{[}{[}1.5e-13,0.5],{[}2e-7,1]]`,
	} {
		require.Equal(t, want, withMathematics(text), text)
	}
	require.Equal(t, `{[}{[}0.25,\allowbreak{}0.75],\allowbreak{}{[}0.5,\allowbreak{}0.5],\allowbreak{}{[}0.125,\allowbreak{}0.875]]`, withMathematics("[[0.25,0.75],[0.5,0.5],[0.125,0.875]]"))
}

// A number with its uncertainty is one cell.
func TestNumbersInLaTeX(t *testing.T) {
	table := Table{ID: "t", Title: "T", Columns: []Column{{Name: "loss", Align: Decimal}}}
	table.Add(Measured(0.65087, 0.0012).WithNote(table.Note("n")))
	table.Add(Number(-12.5, 3))
	table.Add(Number(3.2e-17, 2))
	table.Add(Number(math.NaN(), 2))
	table.Add(Text("-"))
	var out bytes.Buffer
	require.NoError(t, Render(&out, FormatLaTeX, table))
	require.Contains(t, out.String(), `{S[table-format=-2.4(2)e-2]}`)
	require.Contains(t, out.String(), "    {loss} \\tabularnewline\n    \\midrule\n    0.6509(12){\\textsuperscript{1}} \\tabularnewline\n    -12.5 \\tabularnewline\n    3.2e-17 \\tabularnewline\n    {$\\mathrm{NaN}$} \\tabularnewline\n    {-} \\tabularnewline\n")
}

// What is wider than a page stands in several tabulars, each with the keys; what is longer in longtables, with one caption and one label.
func TestWideAndLongTablesInLaTeX(t *testing.T) {
	of := func(rows, columns int) string {
		x := Table{ID: "t", Title: "T", Keys: 2, Columns: []Column{{Name: "child", Align: Right}, {Name: "parent", Align: Right}}}
		for j := range columns {
			x.Columns = append(x.Columns, Column{Name: fmt.Sprint("c", j), Align: Decimal})
		}
		for i := range rows {
			cells := []Cell{Integer(i), Integer(i)}
			for range columns {
				cells = append(cells, Measured(0.65087, 0.0012))
			}
			x.Add(cells...)
		}
		return rendered(t, FormatLaTeX, x)
	}
	count := func(text string, parts ...string) (n []int) {
		for _, part := range parts {
			n = append(n, strings.Count(text, part))
		}
		return n
	}
	parts := []string{`\begin{tabular}`, `\begin{longtable}`, "child & parent &", `\caption`, `\label`, `\begin{table}`}
	require.Equal(t, []int{1, 0, 1, 1, 1, 1}, count(of(3, 5), parts...))
	require.Equal(t, []int{2, 0, 2, 1, 1, 1}, count(of(3, 10), parts...), "79 digits hold two keys of 10 and 5 columns of 11 and more")
	require.Equal(t, []int{0, 1, 1, 1, 1, 0}, count(of(60, 5), parts...))
	require.Equal(t, []int{0, 2, 2, 1, 1, 0}, count(of(30, 10), parts...))
	require.Contains(t, of(60, 5), `% needs \usepackage{booktabs,array,siunitx,longtable}`)
}

// A long heading over numbers does not widen its column.
func TestLongHeadingsInLaTeX(t *testing.T) {
	column := Column{Name: "attention on the parent after stage 1", Align: Decimal}
	require.Equal(t, `{\shortstack[r]{attention\\ on the\\ parent\\ after\\ stage 1}}`, latexHeading(column, []Cell{Number(0.5, 2)}))
	column.Align = Left
	require.Equal(t, "attention on the parent after stage 1", latexHeading(column, nil))
	require.Equal(t, `{\shortstack[r]{ours $-$\\ published}}`, latexHeading(Column{Name: "ours - published", Align: Decimal}, nil))
}

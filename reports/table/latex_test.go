package table

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// latexCommands are those a table may contain; a backslash before anything else is an escaped character or an accident.
var latexCommands = strings.Fields(`usepackage begin end centering caption label toprule midrule bottomrule tabularnewline multicolumn newline
	textsuperscript textbackslash textasciitilde textasciicircum textasciigrave textless textgreater textbar raggedright arraybackslash linewidth
	par smallskip footnotesize times mathrm infty pm cdot le ge ne approx to surd alpha beta gamma delta varepsilon eta theta lambda mu pi rho
	sigma tau chi Sigma`)

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

var multicolumn = regexp.MustCompile(`\\multicolumn\{2\}`)

// No engine is at hand, so this reads a table as TeX would: known commands, braces balanced, mathematics closed, no bare special
// character, and in every row as many columns as the preamble has.
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
		require.False(t, strings.ContainsAny(strings.NewReplacer("{[}", "", "{*}", "", "{<}", "").Replace(bare), "#%~`[*|<"), "bare special character in %s", bare)
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
		columns := len(table.Columns)
		for _, c := range table.Columns {
			if c.Align == Decimal {
				columns++
			}
		}
		rows := 0
		for line := range strings.Lines(body) {
			require.Zero(t, strings.Count(strings.ReplaceAll(line, `\$`, ""), "$")%2, "open mathematics: %s", line)
			if !strings.HasSuffix(line, " \\tabularnewline\n") {
				continue
			}
			rows++
			cells := 1 + strings.Count(strings.ReplaceAll(line, `\&`, ""), "&") + len(multicolumn.FindAllString(line, -1))
			require.Equal(t, columns, cells, "%s", line)
		}
		require.Equal(t, 1+len(table.Rows), rows)
	})
}

func TestLaTeXEscapesItsTenCharacters(t *testing.T) {
	require.Equal(t, `\& \% \_ \$ \# \{ \} \textasciitilde{} \textasciicircum{} \textbackslash{}`, escapeLaTeX(`& % _ $ # { } ~ ^ \`))
}

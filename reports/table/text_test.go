package table

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func rendered(t require.TestingT, format Format, table Table) string {
	var out bytes.Buffer
	require.NoError(t, Render(&out, format, table))
	return out.String()
}

// No table is wider than Width, whatever is in it; the widths of a terminal are taken from another package than the renderer's,
// which can differ on emoji only, so those are measured with the renderer's.
func TestTextFits(t *testing.T) {
	narrow := &runewidth.Condition{}
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable().Draw(t, "table")
		if err := table.Check(); err != nil {
			t.Skip(err)
		}
		for line := range strings.Lines(rendered(t, FormatText, table)) {
			line = strings.TrimSuffix(line, "\n")
			if displayWidth(line) > 100 {
				t.Fatalf("%d columns wide: %q", displayWidth(line), line)
			}
			if !strings.ContainsFunc(line, func(r rune) bool { return r > 0x9fff }) && narrow.StringWidth(line) > 100 {
				t.Fatalf("%d columns wide by runewidth: %q", narrow.StringWidth(line), line)
			}
			require.Equal(t, strings.TrimRight(line, " "), line, "spaces at the end")
		}
	})
}

// Wrapping moves text and drops none.
func TestTextLosesNothing(t *testing.T) {
	squash := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
	rapid.Check(t, func(t *rapid.T) {
		table := Table{ID: "t", Title: "T", Columns: []Column{{Name: "c", Align: rapid.SampledFrom([]Align{Left, Right, Decimal}).Draw(t, "align")}}}
		text := strings.Repeat(anyText().Draw(t, "text"), rapid.IntRange(1, 5).Draw(t, "times"))
		table.Add(Text(text))
		body := strings.Split(strings.TrimSuffix(rendered(t, FormatText, table), "\n"), "\n")
		want := table.normalised().printable().Rows[0][0].text
		require.Equal(t, squash(want), squash(strings.Join(body[4:len(body)-1], "")))
	})
}

func TestTextAlignsPoints(t *testing.T) {
	x := Table{ID: "t", Title: "T", Columns: []Column{{Name: "value", Align: Decimal}}}
	for _, v := range []Cell{Number(0.5, 2), Number(-123.25, 6), Measured(12.3, 0.4), Number(1.5e-9, 2)} {
		x.Add(v)
	}
	x.Add(Integer(42))
	lines := strings.Split(rendered(t, FormatText, x), "\n")[4:9]
	point := strings.Index(lines[0], ".")
	for _, line := range lines[1:4] {
		require.Equal(t, point, strings.Index(line, "."), "%q", lines)
	}
	require.Equal(t, point, strings.Index(lines[4], "42")+2, "an integer ends where the points stand: %q", lines)
}

// A wide table is cut into panels that each start with the first column and together hold every column once.
func TestTextPanels(t *testing.T) {
	x := Table{ID: "m", Title: "M", Columns: []Column{{Name: "child", Align: Right}}}
	row := []Cell{Integer(7)}
	for j := range 30 {
		x.Columns = append(x.Columns, Column{Name: string(rune('A' + j)), Align: Decimal})
		row = append(row, Fixed(float64(j)+0.5, 4))
	}
	x.Add(row...)
	out := rendered(t, FormatText, x)
	require.Equal(t, 3, strings.Count(out, "child"), "beside a column of 7 a panel of 100 holds 10 columns of 9")
	for _, c := range row[1:] {
		require.Equal(t, 1, strings.Count(out, " "+c.String()+"\n")+strings.Count(out, " "+c.String()+" "), "%s", c)
	}
}

// The key columns are as many as tell the rows apart; measurements name nothing, and rows that are alike leave the first.
func TestKeysTellRowsApart(t *testing.T) {
	keysOf := func(least int, align Align, rows ...[]string) int {
		x := Table{Keys: least, Columns: []Column{{Name: "a"}, {Name: "b"}, {Name: "c", Align: align}, {Name: "d"}}}
		for _, row := range rows {
			x.Add(Text(row[0]), Text(row[1]), Text(row[2]), Text(row[3]))
		}
		return x.keys()
	}
	x, y, z, w := []string{"1", "1", "1", "1"}, []string{"2", "1", "1", "1"}, []string{"1", "2", "1", "1"}, []string{"1", "1", "2", "1"}
	require.Equal(t, 1, keysOf(0, Left, x, y))
	require.Equal(t, 2, keysOf(2, Left, x, y), "at least as many as the table says")
	require.Equal(t, 2, keysOf(0, Left, x, y, z))
	require.Equal(t, 3, keysOf(0, Left, x, w))
	require.Equal(t, 1, keysOf(0, Decimal, x, w))
	require.Equal(t, 1, keysOf(0, Left, x, x))
	require.Equal(t, 1, keysOf(0, Left))
}

// Keys that leave another column no room are fewer, and every column stays within the width.
func TestWideKeysLeaveRoom(t *testing.T) {
	long := strings.Repeat("x", 20)
	wide := Table{ID: "t", Title: "t", Keys: 3, Columns: []Column{{Name: "k1"}, {Name: "k2"}, {Name: "k3"}, {Name: "n", Align: Right}, {Name: "m", Align: Right}}}
	number := Number(1.0/3, 17)
	wide.Add(Text(long), Text(long), Text(long), number, number)
	text := rendered(t, FormatText, wide.Wide(80))
	require.Equal(t, []int{3, 3, 1, 1}, []int{strings.Count(text, "k1"), strings.Count(text, "k2"), strings.Count(text, "k3"), strings.Count(text, " n\n")}, text)
	require.LessOrEqual(t, blockWidth(strings.Split(text, "\n")), 80)
}

func TestColourOnlyPaints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable().Draw(t, "table")
		if err := table.Check(); err != nil {
			t.Skip(err)
		}
		plain, colour := rendered(t, FormatText, table), rendered(t, FormatColour, table)
		require.NotContains(t, plain, "\x1b")
		var trimmed strings.Builder
		for line := range strings.Lines(twwidth.Filter().ReplaceAllString(colour, "")) {
			trimmed.WriteString(strings.TrimRight(strings.TrimSuffix(line, "\n"), " ") + "\n")
		}
		require.Equal(t, plain, trimmed.String())
	})
	colour := rendered(t, FormatColour, findings())
	require.Contains(t, colour, "\x1b[32mholds\x1b[0m")
	require.Contains(t, colour, "\x1b[1;31mfails\x1b[0m")
	require.NotContains(t, colour, "\x1b[1;31mholds")
}

// tablewriter takes widths from the locale; the bytes must not.
func TestTextDoesNotDependOnTheLocale(t *testing.T) {
	want := rendered(t, FormatText, awkward())
	twwidth.SetEastAsian(true)
	defer twwidth.SetEastAsian(false)
	require.Equal(t, want, rendered(t, FormatText, awkward()))
}

func TestTextSaysWhenThereAreNoRows(t *testing.T) {
	x := findings()
	x.Rows = nil
	require.Contains(t, rendered(t, FormatText, x), "─\n (no rows)\n")
}

// Text is as wide as asked for and not below LeastWidth; a split table repeats its key
// columns, and a matrix is cut with a note.
func TestWideText(t *testing.T) {
	wide := Table{ID: "t", Title: strings.Repeat("title ", 40), Keys: 2, Columns: []Column{{Name: "child", Align: Right}, {Name: "parent", Align: Right}}}
	for j := range 20 {
		wide.Columns = append(wide.Columns, Column{Name: fmt.Sprint("column ", j), Align: Right})
	}
	row := []Cell{Integer(7), Integer(3)}
	for range 20 {
		row = append(row, Number(1.0/3, 6))
	}
	wide.Add(row...)
	render := func(t2 Table) string {
		var out bytes.Buffer
		require.NoError(t, Render(&out, FormatText, t2))
		return out.String()
	}
	for width, want := range map[int]int{0: 80, 79: 80, 80: 80, 100: 100, 140: 140} {
		widest := blockWidth(strings.Split(render(wide.Wide(width)), "\n"))
		require.LessOrEqual(t, widest, want)
		require.Greater(t, widest, want-15, "the room is used")
	}
	require.Equal(t, render(wide), render(wide.Wide(Width)))
	text := render(wide.Wide(80))
	require.Greater(t, strings.Count(text, "child"), 1)
	require.Equal(t, strings.Count(text, "child"), strings.Count(text, "parent"), "the keys stand together")
	require.Equal(t, 1, strings.Count(render(wide.Wide(400)), "child"))
	for _, line := range strings.Split(render(wide.Wide(400)), "\n")[:3] {
		require.LessOrEqual(t, displayWidth(line), Width, "prose does not grow beyond that")
	}
	matrix := wide
	matrix.Keys, matrix.Matrix = 1, true
	text = render(matrix.Wide(80))
	require.Equal(t, 1, strings.Count(text, "child"))
	require.Regexp(t, `\[1\] cut: the columns from column \d+ on do not fit into 80 characters`, text)
	require.NotContains(t, render(matrix.Wide(400)), "cut:")
	require.Empty(t, matrix.Notes)
	var csv bytes.Buffer
	require.NoError(t, Render(&csv, FormatCSV, matrix.Wide(80)))
	require.Contains(t, csv.String(), "column 19")
}

package table

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsWrongIsNamedAndNothingIsWritten(t *testing.T) {
	good := func() Table {
		t := Table{ID: "t", Title: "T", Columns: []Column{{Name: "a"}, {Name: "b"}}}
		t.Add(Text("x"), Integer(1))
		return t
	}
	for name, c := range map[string]struct {
		spoil func(*Table)
		want  string
	}{
		"id":          {func(t *Table) { t.ID = "No Slug" }, `table id "No Slug": want a slug`},
		"empty id":    {func(t *Table) { t.ID = "" }, `table id ""`},
		"title":       {func(t *Table) { t.Title = "" }, "table t has no title"},
		"no columns":  {func(t *Table) { t.Columns = nil }, "table t: no columns"},
		"no name":     {func(t *Table) { t.Columns[1].Name = "" }, "column 1 has no name"},
		"same name":   {func(t *Table) { t.Columns[1].Name = "a" }, `two columns are named "a"`},
		"derived":     {func(t *Table) { t.Columns[0].Name = "b stderr"; t.Rows[0][1] = Measured(1, 2) }, `two columns are named "b stderr"`},
		"alignment":   {func(t *Table) { t.Columns[1].Align = 7 }, `column "b" has alignment 7`},
		"short row":   {func(t *Table) { t.Add(Text("only")) }, `row 1: 1 cells, want 2, one per column (the row starts with "only")`},
		"long row":    {func(t *Table) { t.Add(Text("p"), Text("q"), Text("r")) }, "row 1: 3 cells, want 2"},
		"empty row":   {func(t *Table) { t.Add() }, "row 1: 0 cells, want 2"},
		"stderr":      {func(t *Table) { t.Rows[0][1] = Measured(1, -0.5) }, `row 0: column "b": cell "1.00(50)": standard error -0.5, want >= 0`},
		"verdict":     {func(t *Table) { t.Rows[0][1] = Verdict("maybe") }, `unknown verdict "maybe", want one of holds|fails|`},
		"note":        {func(t *Table) { t.Rows[0][1] = Integer(1).WithNote(1) }, "refers to note 1, want 1 to 0"},
		"note number": {func(t *Table) { t.Note("n"); t.Rows[0][1] = Integer(1).WithNote(0) }, "refers to note 0, want 1 to 1"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range append(Formats, FormatColour) {
				bad, out := good(), new(bytes.Buffer)
				c.spoil(&bad)
				err := Render(out, format, bad)
				require.ErrorContains(t, err, c.want)
				require.NotContains(t, err.Error(), "\n")
				fine := good()
				fine.ID = "fine"
				require.ErrorContains(t, RenderAll(out, format, []Table{fine, bad}), c.want)
				require.Empty(t, out.String())
			}
		})
	}
	require.NoError(t, good().Check())
}

func TestParseFormat(t *testing.T) {
	for _, name := range []string{"text", "markdown", "csv", "json", "html", "latex"} {
		format, err := ParseFormat(name)
		require.NoError(t, err)
		require.Equal(t, name, string(format))
	}
	for _, name := range []string{"", "JSON", "yaml", string(FormatColour)} {
		_, err := ParseFormat(name)
		require.ErrorContains(t, err, `"`+name+`", want one of text|markdown|csv|json|html|latex`)
	}
}

func TestRenderAll(t *testing.T) {
	var out bytes.Buffer
	require.ErrorContains(t, Render(&out, "yaml", findings()), `unknown format "yaml"`)
	require.ErrorContains(t, RenderAll(&out, FormatText, []Table{findings(), findings()}), `two tables have the id "edge-attention"`)
	require.Empty(t, out.String())
	for _, format := range Formats {
		require.NoError(t, RenderAll(&out, format, nil), "no tables are no error")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrorIsReported(t *testing.T) {
	require.ErrorContains(t, Render(failing{}, FormatCSV, findings()), "write csv: disk full")
}

func TestNoteNumbersAndSharing(t *testing.T) {
	var x Table
	require.Equal(t, []int{1, 2, 1}, []int{x.Note("a"), x.Note("b"), x.Note("a")})
	base := Integer(1).WithNote(1).WithNote(2).WithNote(3)
	one, two := base.WithNote(4), base.WithNote(5) // would share memory if WithNote appended in place: three are grown to room for four
	require.Equal(t, []int{1, 2, 3, 4}, one.notes)
	require.Equal(t, []int{1, 2, 3, 5}, two.notes)
	row := []Cell{Text("kept")}
	x.Add(row...)
	row[0] = Text("changed")
	require.Equal(t, "kept", x.Rows[0][0].String())
}

func TestRenderLeavesTheTableAlone(t *testing.T) {
	for _, format := range Formats {
		x := awkward()
		require.NoError(t, Render(new(bytes.Buffer), format, x))
		require.Equal(t, awkward().Rows[2][0], x.Rows[2][0])
		require.True(t, strings.Contains(x.Rows[2][3].String(), "\xff"))
	}
}

package table

import (
	"math"
	"strings"

	"causalgrad/theory/verdict"
	"pgregory.net/rapid"
)

// findings is a table as the reports have them.
func findings() Table {
	t := Table{
		ID:    "edge-attention",
		Title: "Attention on the parent edge after training (disentangled transformer, 4096 steps)",
		Columns: []Column{
			{Name: "claim"}, {Name: "statement"}, {Name: "measured", Unit: "nats", Align: Decimal},
			{Name: "expected", Unit: "nats", Align: Decimal}, {Name: "steps", Align: Right}, {Name: "verdict"},
		},
	}
	fresh := t.Note("mean and standard error over 65536 fresh sequences")
	singular := t.Note("the chain is close to singular: the enclosure of the margin contains 0, and a larger number of chains would be needed to decide")
	t.Add(Text("T1a"), Text("every non-root row attends to its parent, root rows stay near uniform"),
		Measured(0.650873, 0.00121).WithNote(fresh), Number(0.65, 3), Integer(4096), Verdict(verdict.Holds))
	t.Add(Text("L2"), Text("margin per chain"), Measured(12.0231, 0.021), Number(12.1, 4), Integer(131072), Verdict(verdict.Fails))
	t.Add(Text("A2"), Text("residual of the stationary law"), Number(3.2e-17, 2), Integer(0), Integer(8), Verdict(verdict.Undecided).WithNote(singular))
	t.Add(Text("C2"), Text("one head suffices"), Number(math.NaN(), 2), Text("not known"), Integer(0), Verdict(verdict.NotRun))
	return t
}

// awkward holds what breaks renderers: markup of every format, line breaks, wide and invisible characters, specials, exact integers.
func awkward() Table {
	t := Table{
		ID:      "awkward",
		Title:   `Markup | "quotes" & 100% of $x_1^2$ #3 {~\}`,
		Columns: []Column{{Name: "p<0.05 | key"}, {Name: "number", Align: Decimal}, {Name: "seed", Align: Right}, {Name: "a*b_c", Unit: "m/s²"}},
	}
	note := t.Note("a note | with <b>markup</b>, _emphasis_ and a\nline break")
	t.Add(Text("# not a comment"), Number(math.Inf(1), 3), Integer(uint64(math.MaxUint64)), Text("`code` *bold* [link](url) &amp; --flag"))
	t.Add(Text("two\nlines"), Number(math.Inf(-1), 3), Integer(int64(math.MinInt64)), Text("[1] starts like an argument").WithNote(note))
	t.Add(Text("日本語, γ ≤ χ²"), Measured(-1234.5, 100), Text("—"), Text("\x1b[31mred\u202e\ttab\xff"))
	t.Add(Text(""), Measured(0.5, math.NaN()), Integer(-7), Verdict(verdict.Partly))
	t.Add(Text("signs"), Fixed(-0.25, 4).WithVerdict(verdict.Fail), Integer(7), Verdict(verdict.Pass))
	t.Add(Text("exact"), Measured(1, 0), Integer(1), Verdict(verdict.Fails))
	return t
}

// anyText draws texts rich in what the formats treat as markup.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("ab1 _|\\`*~$&<>[](){}#%^-'\",;:.=+\n\té漢γ≤")), 0, 60, -1),
		rapid.String(),
		rapid.SampledFrom([]string{"", "#", `\`, `\|`, `a\`, `""`, "[x](y)", "--", "\r\n", "a\rb", " lead", "trail ", "\x1b[31m", "\xff\xfe", strings.Repeat("long", 25)}),
	)
}

// anyFloat draws from all float64 and, more often, from magnitudes that reports have.
func anyFloat() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) float64 {
			return rapid.Float64Range(-10, 10).Draw(t, "mantissa") * math.Pow(10, float64(rapid.IntRange(-9, 9).Draw(t, "power")))
		}),
		rapid.Float64(),
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 0.5, 2.5, 0.125, 9.9995, 99999.5, 999999.5, 1e15, 5e-324, math.MaxFloat64}),
	)
}

func anyCell(notes int) *rapid.Generator[Cell] {
	return rapid.Custom(func(t *rapid.T) Cell {
		special := rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1)})
		value := rapid.OneOf(anyFloat(), anyFloat(), special)
		digits := rapid.IntRange(-1, 20)
		var c Cell
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0, 1:
			c = Text(anyText().Draw(t, "text"))
		case 2:
			c = Number(value.Draw(t, "value"), digits.Draw(t, "digits"))
		case 3:
			c = Fixed(value.Draw(t, "value"), digits.Draw(t, "decimals"))
		case 4:
			c = Measured(value.Draw(t, "value"), math.Abs(value.Draw(t, "stderr")))
		case 5:
			c = Integer(rapid.Int64().Draw(t, "integer"))
		}
		if rapid.IntRange(0, 3).Draw(t, "judged") == 0 {
			c = c.WithVerdict(rapid.SampledFrom(verdict.All()).Draw(t, "verdict"))
		}
		for range rapid.IntRange(0, min(notes, 3)).Draw(t, "references") {
			c = c.WithNote(rapid.IntRange(1, notes).Draw(t, "note"))
		}
		return c
	})
}

// anyTable draws a table that Check accepts: 1 to 24 columns, so that some need panels.
func anyTable() *rapid.Generator[Table] {
	return rapid.Custom(func(t *rapid.T) Table {
		table := Table{ID: "drawn", Title: "T" + anyText().Draw(t, "title")}
		for range rapid.IntRange(0, 3).Draw(t, "notes") {
			table.Notes = append(table.Notes, anyText().Draw(t, "note"))
		}
		for j := range rapid.IntRange(1, rapid.SampledFrom([]int{3, 6, 24}).Draw(t, "most")).Draw(t, "columns") {
			table.Columns = append(table.Columns, Column{
				Name:  string(rune('a'+j)) + anyText().Draw(t, "name"), // distinct
				Align: rapid.SampledFrom([]Align{Left, Right, Decimal}).Draw(t, "align"),
			})
		}
		for range rapid.IntRange(0, 4).Draw(t, "rows") {
			var row []Cell
			for range table.Columns {
				row = append(row, anyCell(len(table.Notes)).Draw(t, "cell"))
			}
			table.Add(row...)
		}
		return table
	})
}

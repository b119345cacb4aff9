// Package table holds one report table as a value and renders it for a terminal, Markdown, CSV, JSON, HTML and LaTeX.
//
// A number is stored once, as a float64 with its standard error. Readers of text see it rounded to what the uncertainty
// supports, `0.6509(12)`; readers of JSON and CSV get every bit of it. What a table says is therefore the same in every format.
//
//	t := table.Table{
//		ID:      "edge-attention",
//		Title:   "Attention on the parent edge",
//		Columns: []table.Column{{Name: "graph"}, {Name: "loss", Unit: "nats", Align: table.Decimal}, {Name: "verdict"}},
//	}
//	note := t.Note("mean over 65536 fresh sequences")
//	t.Add(table.Text("chain"), table.Measured(0.65087, 0.0012).WithNote(note), table.Verdict(verdict.Holds))
//	err := table.Render(os.Stdout, table.FormatText, t)
//
// The package computes no statistic and reaches no verdict: it prints those it is given. It never pads a short row, never
// writes half a table (a table is checked and rendered in memory first), never colours unless asked for FormatColour, and its
// bytes depend on the table alone, not on the terminal, the locale or the environment. It has no counterpart in the paper.
//
// # JSON
//
// FormatJSON writes one object; field names and their order are stable within a schema version.
//
//	{"schema": "causalgrad/table/2", "id": string, "title": string,
//	 "columns": [{"name": string, "unit": string ("" if none), "align": "left"|"right"|"decimal"}],
//	 "rows": [[cell, one per column]], "notes": [string; note n is at position n-1]}
//	cell: {"text": string,
//	       "value": number, or "NaN", "+Inf" or "-Inf", present only in a number,
//	       "stderr": likewise, present only in a measured number,
//	       "verdict": string, present only with a verdict, "notes": [1-based note number], present only with notes}
//
// RenderAll wraps the same objects: {"schema": "causalgrad/tables/2", "tables": [...]}.
//
// # CSV
//
// FormatCSV writes a header and the rows, numbers as the shortest decimal that reads back to the same float64 (NaN, +Inf and -Inf
// by name). A column with any standard error is followed by "<name> stderr", one with numbers that carry verdicts by "<name>
// verdict"; a unit stands in parentheses after the name. RenderAll separates tables by a blank line and puts "# title" and one
// "# [n] note" per note before each header: read it with '#' as the comment character. Render alone writes neither.
package table

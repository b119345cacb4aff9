package table

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
)

// renderCSV writes the header and the rows. See the package comment.
func renderCSV(out *bytes.Buffer, t Table) error {
	if err := writeRecord(out, csvHeader(t)); err != nil {
		return err
	}
	extras := csvExtras(t)
	for _, row := range t.Rows {
		var record []string
		for j, cell := range row {
			record = append(record, csvValue(cell))
			if extras[j].stderr {
				record = append(record, csvStandardError(cell))
			}
			if extras[j].verdict {
				record = append(record, string(cell.verdict))
			}
		}
		if err := writeRecord(out, record); err != nil {
			return err
		}
	}
	return nil
}

// renderCSVs writes the tables apart by blank lines, each under its title and notes as comments.
func renderCSVs(out *bytes.Buffer, ts []Table) error {
	return eachApart(out, ts, func(out *bytes.Buffer, t Table) error {
		fmt.Fprintf(out, "# %s\n", oneLine(t.Title))
		for i, note := range t.Notes {
			fmt.Fprintf(out, "# [%d] %s\n", i+1, oneLine(note))
		}
		return renderCSV(out, t)
	})
}

// csvExtra tells which columns CSV derives from one of the table's.
type csvExtra struct{ stderr, verdict bool }

func csvExtras(t Table) []csvExtra {
	extras := make([]csvExtra, len(t.Columns))
	for _, row := range t.Rows {
		for j, cell := range row[:min(len(row), len(extras))] { // Check asks before it has counted cells
			extras[j].stderr = extras[j].stderr || cell.measured
			extras[j].verdict = extras[j].verdict || cell.verdict != "" && cell.text != string(cell.verdict)
		}
	}
	return extras
}

func csvHeader(t Table) []string {
	var header []string
	extras := csvExtras(t)
	for j, column := range t.Columns {
		header = append(header, column.heading())
		if extras[j].stderr {
			header = append(header, Column{Name: column.Name + " stderr", Unit: column.Unit}.heading())
		}
		if extras[j].verdict {
			header = append(header, column.Name+" verdict")
		}
	}
	return header
}

func csvValue(c Cell) string {
	if c.number {
		return c.exact()
	}
	return c.text
}

func csvStandardError(c Cell) string {
	if c.measured {
		return exactFloat(c.stderr)
	}
	return ""
}

// writeRecord writes one record. Beyond what encoding/csv quotes, it quotes a first field that would make the line a comment or, in
// a table of one column, a blank line, both of which readers skip.
func writeRecord(out *bytes.Buffer, record []string) error {
	var line bytes.Buffer
	w := csv.NewWriter(&line)
	if err := w.Write(record); err != nil {
		return err
	}
	w.Flush()
	if text := line.String(); strings.HasPrefix(text, "#") || text == "\n" {
		fmt.Fprintf(out, `"%s"%s`, record[0], strings.TrimPrefix(text, record[0]))
		return nil
	}
	out.Write(line.Bytes())
	return nil
}

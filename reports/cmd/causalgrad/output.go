package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"causalgrad/impl/durable"
	"causalgrad/reports/table"
	"causalgrad/theory/suggest"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// output is where and how a command writes its answer.
type output struct {
	format  string // after check that of the answer
	out     string
	table   string   // the only one that is wanted
	has     []string // all tables that the command may have; none where they are too many to list
	preface string   // what the text format prints before the tables
	closing string   // and the line after them
	pictures
}

// flags adds the flags to a command that has tables of these ids.
func (o *output) flags(cmd *cobra.Command, tables ...string) {
	o.has = tables
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "", "output format: text, markdown, csv, json, html or latex (default: as the ending of --out says, or text)")
	f.StringVarP(&o.out, "out", "o", "", "write to this file (whole or not at all) instead of standard output, which is -; into a folder, one that is there or ends in /, one file a table")
	usage := "write this table alone"
	if len(tables) > 0 {
		usage += ": " + strings.Join(tables, ", ")
	}
	f.StringVar(&o.table, "table", "", usage)
	mustRegister(cmd.RegisterFlagCompletionFunc("table", func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return completed(beginning(typed, tables))
	}))
}

// check decides the format and fails early on one that does not exist, on a table
// that the command never has and on a file that cannot be written: the answer may
// take hours.
func (o *output) check() error {
	if err := o.pictures.check(); err != nil {
		return err
	}
	if o.out == "-" { // standard output
		o.out = ""
	}
	said, says := table.FormatOf(o.out)
	switch {
	case o.intoFolder():
		says = false
	case o.format == "" && says:
		o.format = string(said)
	}
	if o.format == "" {
		o.format = string(table.FormatText)
	}
	format, err := table.ParseFormat(o.format)
	if err != nil {
		return err
	}
	if says && format != said {
		return fmt.Errorf("--format %s and --out %s, whose ending says %s: want one of them, or the ending %s", format, o.out, said, format.Ending())
	}
	if o.table != "" && len(o.has) > 0 && !slices.Contains(o.has, o.table) {
		return fmt.Errorf("--table %s: there is no such table, want one of %s%s", o.table, strings.Join(o.has, ", "), suggest.Meant(o.table, o.has...))
	}
	switch {
	case o.out == "":
		return nil
	case o.intoFolder():
		return durable.Check(filepath.Join(o.out, "table"))
	}
	return durable.Check(o.out)
}

// intoFolder reports whether --out names a folder.
func (o *output) intoFolder() bool {
	if strings.HasSuffix(o.out, "/") || strings.HasSuffix(o.out, string(filepath.Separator)) {
		return true
	}
	info, err := os.Stat(o.out)
	return err == nil && info.IsDir()
}

// write prints an answer and draws it.
func (o *output) write(cmd *cobra.Command, document any, tables ...table.Table) error {
	if err := o.print(cmd, document, tables...); err != nil {
		return err
	}
	return o.draw(document)
}

// print renders either the JSON document or the tables. Formats other than
// JSON, single tables and folders show the tables.
func (o *output) print(cmd *cobra.Command, document any, tables ...table.Table) error {
	tables, err := o.wanted(tables)
	if err != nil {
		return err
	}
	format := table.Format(o.format)
	if o.intoFolder() {
		return writeTables(o.out, format, tables)
	}
	if format == table.FormatText && o.out == "" && isTerminal(cmd.OutOrStdout()) {
		format = table.FormatColour
	}
	width := table.Width
	if o.out == "" {
		width = textWidth(cmd.OutOrStdout())
	}
	tables = slices.Clone(tables)
	for i := range tables {
		tables[i] = tables[i].Wide(width)
	}
	var buffer bytes.Buffer
	switch {
	case o.table != "":
		err = table.Render(&buffer, format, tables[0])
	case format == table.FormatJSON && isDocument(document):
		var text []byte
		if text, err = encode(document); err != nil {
			return fmt.Errorf("format json: %w", err)
		}
		buffer.Write(append(text, '\n'))
	default:
		buffer.WriteString(opening(format, document, width))
		text := format == table.FormatText || format == table.FormatColour
		if text {
			buffer.WriteString(o.preface)
		}
		if err = table.RenderAll(&buffer, format, tables); err == nil && text && o.closing != "" {
			buffer.WriteString("\n" + o.closing + "\n")
		}
	}
	if err != nil {
		return err
	}
	if o.out != "" {
		return durable.WriteFile(o.out, buffer.Bytes())
	}
	_, err = cmd.OutOrStdout().Write(buffer.Bytes())
	return err
}

// isDocument reports whether there is more than tables to write as JSON.
func isDocument(document any) bool {
	_, bare := document.(saying)
	return document != nil && !bare
}

// wanted are all tables, or the one of --table.
func (o *output) wanted(all []table.Table) ([]table.Table, error) {
	var here []string
	for _, t := range all {
		here = append(here, t.ID)
	}
	if o.table == "" {
		return all, nil
	}
	at := slices.Index(here, o.table)
	if at < 0 {
		return nil, fmt.Errorf("--table %s: this answer has only %s", o.table, strings.Join(here, ", "))
	}
	return all[at : at+1], nil
}

// writeTables writes a file a table.
func writeTables(folder string, format table.Format, tables []table.Table) error {
	for _, t := range tables {
		var buffer bytes.Buffer
		if err := table.Render(&buffer, format, t); err != nil {
			return err
		}
		if err := durable.WriteFile(filepath.Join(folder, t.ID+format.Ending()), buffer.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd()) && os.Getenv("NO_COLOR") == ""
}

// textWidth is how wide text may be: as COLUMNS says, as the terminal is, or
// table.Width where there is none. It is never below table.LeastWidth.
func textWidth(w io.Writer) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return max(n, table.LeastWidth)
	}
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return max(n, table.LeastWidth)
		}
	}
	return table.Width
}

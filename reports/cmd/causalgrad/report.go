package main

import (
	"bytes"
	"fmt"
	"path/filepath"

	"causalgrad/impl/durable"
	"causalgrad/reports/table"

	"github.com/spf13/cobra"
)

func newReport() *cobra.Command {
	var o output
	var folder string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Train, verify and print the reproducibility tables",
		Long: `report trains the quick runs and Algorithm 1's ladder, verifies the official
values, searches and certifies where the theory asks for it, prints the reproducibility tables and saves them in every format, with
the records, in a folder.`,
		Example: `  causalgrad report
  causalgrad report --folder /tmp/report --format markdown`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			bars := newProgress(cmd.ErrOrStderr())
			defer bars.wait()
			results, err := gather(cmd.Context(), folder, seed, bars)
			if err != nil {
				return err
			}
			var tables []table.Table
			all := true
			for _, r := range results {
				tables, all = append(tables, r.Table), all && r.Holds
			}
			if err := save(folder, tables); err != nil {
				return err
			}
			bars.wait()
			if err := o.write(cmd, nil, tables...); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "saved in %s: tables (text, Markdown, CSV, JSON, HTML, LaTeX) and records\n", folder)
			if !all {
				return errFails
			}
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&folder, "folder", filepath.Join("reports", "out"), "where the tables and records are saved")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the first-step table and of Algorithm 1")
	return cmd
}

// extensions are the saved formats and their file name endings.
var extensions = []struct {
	format    table.Format
	extension string
}{{table.FormatText, "txt"}, {table.FormatMarkdown, "md"}, {table.FormatCSV, "csv"},
	{table.FormatJSON, "json"}, {table.FormatHTML, "html"}, {table.FormatLaTeX, "tex"}}

// save writes every table in every format to folder/tables.
func save(folder string, tables []table.Table) error {
	for _, t := range tables {
		for _, e := range extensions {
			var buffer bytes.Buffer
			if err := table.Render(&buffer, e.format, t); err != nil {
				return err
			}
			if err := durable.WriteFile(filepath.Join(folder, "tables", t.ID+"."+e.extension), buffer.Bytes()); err != nil {
				return err
			}
		}
	}
	return nil
}

package main

import (
	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/props"
	"causalgrad/reports/table"

	"github.com/spf13/cobra"
)

// entry is one line of list.
type entry struct {
	ID       string `json:"id"`
	Sentence string `json:"sentence"`
}

// listDocument is the JSON answer of list.
type listDocument struct {
	Schema      string  `json:"schema"`
	Experiments []entry `json:"experiments"`
	Laws        []entry `json:"laws"`
}

func newList() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "Experiments and laws, each with one sentence",
		Example: "  causalgrad list --format json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			d := listDocument{Schema: "causalgrad/list/1"}
			quick, err := runs.Quick()
			if err != nil {
				return err
			}
			for _, s := range quick {
				d.Experiments = append(d.Experiments, entry{s.ID, describe(s)})
			}
			for _, l := range props.All() {
				d.Laws = append(d.Laws, entry{l.ID, l.Sentence})
			}
			return o.write(cmd, d, listTable("experiments", "Experiments", d.Experiments), listTable("laws", "Laws", d.Laws))
		},
	}
	o.flags(cmd)
	return cmd
}

// describe is a spec in one sentence.
func describe(s experiment.Spec) string {
	return s.Model + " on " + s.Graph + ", prior " + s.Prior
}

func listTable(id, title string, entries []entry) table.Table {
	t := table.Table{ID: id, Title: title, Columns: []table.Column{{Name: "id"}, {Name: "sentence"}}}
	for _, e := range entries {
		t.Add(table.Text(e.ID), table.Text(e.Sentence))
	}
	return t
}

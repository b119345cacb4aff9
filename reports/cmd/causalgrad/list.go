package main

import (
	"fmt"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/props"
	"causalgrad/props/fault"
	"causalgrad/reports/claim"
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
	Claims      []entry `json:"claims"`
	Laws        []entry `json:"laws"`
	Faults      []entry `json:"faults"`
}

func newList() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "Experiments, claims, laws and planted faults, each with one sentence",
		Example: "  causalgrad list --format json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			d := listDocument{Schema: "causalgrad/list/1"}
			var err error
			if d.Experiments, err = listExperiments(); err != nil {
				return err
			}
			for _, c := range claim.All() {
				d.Claims = append(d.Claims, entry{c.ID, c.Statement})
			}
			for _, l := range props.All() {
				d.Laws = append(d.Laws, entry{l.ID, l.Sentence})
			}
			for _, f := range fault.All() {
				d.Faults = append(d.Faults, entry{f.ID, f.Description})
			}
			return o.write(cmd, d, listTable("experiments", "Experiments", d.Experiments), listTable("claims", "Claims", d.Claims), listTable("laws", "Laws", d.Laws),
				listTable("faults", "Planted faults", d.Faults))
		},
	}
	o.flags(cmd, "experiments", "claims", "laws", "faults")
	return cmd
}

// listExperiments names what reproduce takes: experiments, the group and the
// quick runs of the report.
func listExperiments() ([]entry, error) {
	all, err := runs.Catalogue()
	if err != nil {
		return nil, err
	}
	quick, err := runs.Quick()
	if err != nil {
		return nil, err
	}
	var entries []entry
	group := ""
	for _, e := range all {
		if e.Group != group && e.Group != "" {
			entries = append(entries, entry{e.Group, "all published random forests (figure 9): the runs " + e.Group + "-NN"})
		}
		group = e.Group
		entries = append(entries, entry{e.Spec.ID, e.Title + ": " + describe(e.Spec)})
	}
	for _, s := range quick {
		entries = append(entries, entry{s.ID, "run of the report and of the goldens, one size: " + describe(s)})
	}
	return entries, nil
}

// describe is a spec's model and sizes.
func describe(s experiment.Spec) string {
	return fmt.Sprintf("%s, S = %d, T = %d, prior %s, %s %s %v, %d steps", s.Model, s.Tokens, s.Length, s.Prior, s.Optimizer, s.Schedule, s.LR, s.Steps)
}

func listTable(id, title string, entries []entry) table.Table {
	t := table.Table{ID: id, Title: title, Columns: []table.Column{{Name: "id"}, {Name: "sentence"}}}
	for _, e := range entries {
		t.Add(table.Text(e.ID), table.Text(e.Sentence))
	}
	return t
}

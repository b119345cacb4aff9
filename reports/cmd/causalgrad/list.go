package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/props"
	"causalgrad/props/fault"
	"causalgrad/reports/claim"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
	"causalgrad/theory/condition"
	"causalgrad/theory/suggest"

	"github.com/spf13/cobra"
)

// entry is one line of list.
type entry struct {
	ID       string `json:"id"`
	Sentence string `json:"sentence"`
}

// listDocument is the JSON answer of list: the kinds that were asked for.
type listDocument struct {
	Schema      string  `json:"schema"`
	Experiments []entry `json:"experiments,omitempty"`
	Claims      []entry `json:"claims,omitempty"`
	Conditions  []entry `json:"conditions,omitempty"`
	Laws        []entry `json:"laws,omitempty"`
	Faults      []entry `json:"faults,omitempty"`
	pattern     string
}

// Answer says how many there are of each kind, and of what was searched for.
func (d listDocument) Answer() string {
	var counts []string
	for _, l := range listing {
		if n := len(*l.field(&d)); n > 0 {
			counts = append(counts, words.Counted(n, l.noun))
		}
	}
	if d.pattern != "" {
		return fmt.Sprintf("%s with %q in the name or the sentence.", words.Listed(counts, "and"), d.pattern)
	}
	return words.Listed(counts, "and") + "."
}

// listed is a kind of thing that list knows.
type listed struct {
	kind, noun, title string
	entries           func() ([]entry, error)
	field             func(*listDocument) *[]entry
}

var listing = []listed{
	{"experiments", "experiment", "Experiments and figures that reproduce takes", listExperiments, func(d *listDocument) *[]entry { return &d.Experiments }},
	{"claims", "claim", "Claims that report judges", func() ([]entry, error) {
		return each(claim.All(), func(c claim.Claim) entry { return entry{c.ID, c.Statement} })
	}, func(d *listDocument) *[]entry { return &d.Claims }},
	{"conditions", "condition", "Conditions and consequences that check examines", func() ([]entry, error) {
		return each(condition.Statements(), func(s condition.Statement) entry { return entry{s.ID, s.Text} })
	}, func(d *listDocument) *[]entry { return &d.Conditions }},
	{"laws", "law", "Laws that conform asks of an implementation", func() ([]entry, error) {
		return each(props.All(), func(l props.Law) entry { return entry{l.ID, l.Sentence} })
	}, func(d *listDocument) *[]entry { return &d.Laws }},
	{"faults", "planted mistake", "Mistakes that faults plants", func() ([]entry, error) {
		return each(fault.All(), func(m *fault.Mistake) entry { return entry{m.ID, m.Description} })
	}, func(d *listDocument) *[]entry { return &d.Faults }},
}

func each[V any](all []V, of func(V) entry) ([]entry, error) {
	var entries []entry
	for _, v := range all {
		entries = append(entries, of(v))
	}
	return entries, nil
}

func newList() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use:   "list [experiments | claims | conditions | laws | faults] [PATTERN]",
		Short: "Experiments, claims, conditions, laws and planted mistakes, each with one sentence",
		Long: `list names what other commands take or print, each with one sentence: all of it, or
one kind, or what of it a regular expression finds in the name or the sentence, in
any case.`,
		Example: `  causalgrad list laws
  causalgrad list laws gradient
  causalgrad list faults 'transpos|stationary'
  causalgrad list --format json`,
		Args: atMost(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			kinds, pattern, err := asked(args)
			if err != nil {
				return err
			}
			d := listDocument{Schema: "causalgrad/list/1", pattern: strings.TrimPrefix(pattern.String(), anyCase)}
			var tables []table.Table
			for _, l := range kinds {
				entries, err := l.entries()
				if err != nil {
					return err
				}
				var names []string
				field := l.field(&d)
				for _, e := range entries {
					names = append(names, e.ID)
					if pattern.MatchString(e.ID) || pattern.MatchString(e.Sentence) {
						*field = append(*field, e)
					}
				}
				if len(*field) == 0 {
					return fmt.Errorf("list %s: %q matches none of %d%s", l.kind, args[1], len(entries), suggest.Meant(args[1], names...))
				}
				tables = append(tables, listTable(l.kind, l.title, *field))
			}
			return o.write(cmd, d, tables...)
		},
	}
	o.flags(cmd, kindsListed()...)
	return cmd
}

// kindsListed are the kinds, by which their tables are called too.
func kindsListed() []string {
	var kinds []string
	for _, l := range listing {
		kinds = append(kinds, l.kind)
	}
	return kinds
}

// anyCase is what a pattern begins with that finds letters of any case.
const anyCase = "(?i)"

// asked reads list's arguments.
func asked(args []string) ([]listed, *regexp.Regexp, error) {
	if len(args) == 0 {
		return listing, regexp.MustCompile(""), nil
	}
	pattern := ""
	if len(args) > 1 {
		pattern = args[1]
	}
	find, err := regexp.Compile(anyCase + pattern)
	if err != nil {
		return nil, nil, fmt.Errorf("list: pattern %q is no regular expression: %w", pattern, err)
	}
	at := slices.Index(kindsListed(), args[0])
	if at < 0 {
		return nil, nil, fmt.Errorf("list %q: want %s%s", args[0], strings.Join(kindsListed(), ", "), suggest.Meant(args[0], kindsListed()...))
	}
	return listing[at : at+1], find, nil
}

// listedNames are the names of a kind of listing.
func listedNames(kind string) []string {
	at := slices.Index(kindsListed(), kind)
	if at < 0 {
		return nil
	}
	entries, err := listing[at].entries()
	if err != nil {
		return nil // list says why
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.ID)
	}
	return names
}

// listExperiments names what reproduce takes: experiments, the group, the figures
// and the quick runs of the report.
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
	for _, f := range slices.Sorted(maps.Keys(runs.Figures())) {
		entries = append(entries, entry{f, "the experiments behind the paper's figure: " + strings.Join(runs.Figures()[f], ", ")})
	}
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

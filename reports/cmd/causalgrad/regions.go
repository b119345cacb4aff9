package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"causalgrad/impl/durable"
	"causalgrad/impl/memory"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
	"causalgrad/theory/certificate"
	"causalgrad/theory/certify"
	"causalgrad/theory/userfile"

	"github.com/spf13/cobra"
)

// regionsSchema names the JSON document of the command and its version.
const regionsSchema = "causalgrad/regions/1"

type regionsDocument struct {
	Schema  string           `json:"schema"`
	Graph   string           `json:"graph"`
	Regions []regionDocument `json:"regions"`
}

// Answer says for which share of all chains the mean over the orbit has the parent
// ahead of every position: what the first step needs.
func (d regionsDocument) Answer() string {
	var shares []string
	for _, r := range d.Regions {
		if r.Orbit && r.Self {
			shares = append(shares, fmt.Sprintf("%.2f%% of the chains with S = %d (refuted for %.2f%%, undecided for %.2f%%)",
				100*r.Certified, r.Tokens, 100*r.Refuted, 100*r.Undecided))
		}
	}
	return "On average over a chain's relabellings the parent is ahead of every position, itself included: proved for " + words.Listed(shares, "and") + "."
}

type regionDocument struct {
	Tokens int  `json:"tokens"`
	Self   bool `json:"self"`
	Orbit  bool `json:"orbit"`
	certify.Map
}

func newRegions() *cobra.Command {
	var p problem
	var o output
	var file, check string
	budget := evidence.QuickRegions()
	cmd := &cobra.Command{
		Use:   "regions",
		Short: "Prove for which chains the signal of a forest has the parent ahead",
		Long: `regions divides the set of all chains (S = 2: a square; S = 3: three triangles)
and proves, by outward-rounded interval arithmetic, where the margin of the
signal is positive: for one chain and for the mean over its orbit, with and
without the position itself competing. What the intervals cannot decide is
undecided, never "holds". JSON lists the cells for S = 2.

--certificate FILE writes every decided cell: its corners as integers over a power
of two, its verdict and the bound claimed of the margin (half of what was proved).
--check FILE reads such a file and proves each cell again, in exact rational
arithmetic and by other bounds than the search; it also proves that the cells are
different pieces of all chains that make up the shares claimed. The exit code is 1,
and the first false cell is named, when something in it is not so.`,
		Example: `  causalgrad regions --graph icl --length 8
  causalgrad regions --graph chain --length 8 --cells 2000000
  causalgrad regions --graph chain --length 8 --cells 20000 --certificate chain.cert
  causalgrad regions --check chain.cert`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if check != "" {
				if err := refuseOthers(cmd, "--check", append(outputFlags, "check")...); err != nil {
					return err
				}
				return checkCertificate(cmd, o, check)
			}
			f, err := p.parseForest(cmd)
			if err != nil {
				return err
			}
			if err := planCells(budget.ThreeTokens, file != ""); err != nil {
				return err
			}
			var written bytes.Buffer
			var w *certificate.Writer
			if file != "" {
				if err := durable.Check(file); err != nil {
					return err
				}
				w = certificate.NewWriter(&written, f, certify.Unit)
			}
			regions, err := evidence.CertifyRegions(f, budget, w)
			if err != nil {
				return err
			}
			if w != nil {
				if err := errors.Join(w.Close(), durable.WriteFile(file, written.Bytes())); err != nil {
					return err
				}
			}
			d := regionsDocument{Schema: regionsSchema, Graph: f.String()}
			for _, r := range regions {
				d.Regions = append(d.Regions, regionDocument{r.Region.Tokens, r.Region.Self, r.Region.Orbit, r.Map})
			}
			return o.write(cmd, d, regions.Table(p.graph))
		},
	}
	o.flags(cmd, "regions", "certificate")
	p.graphFlags(cmd)
	flags := cmd.Flags()
	flags.IntVar(&budget.ThreeTokens, "cells", budget.ThreeTokens, "cells evaluated at most for each question with S = 3")
	flags.StringVar(&file, "certificate", "", "write every decided cell to this file")
	flags.StringVar(&check, "check", "", "check a certificate instead, in exact arithmetic")
	return cmd
}

// planCells refuses a number of cells that certify does, before the questions of
// S = 2, and one that the memory does not hold: a cell takes 400 bytes, measured,
// and its lines in a certificate, one for each of four questions, 1000 more.
func planCells(cells int, certificate bool) error {
	if cells < 1 || cells > certify.MostCells {
		return fmt.Errorf("--cells %d, want 1 to %d", cells, certify.MostCells)
	}
	each := 400
	if certificate {
		each += 1000
	}
	return memory.Plan(float64(each)*float64(cells), fmt.Sprintf("--cells at most %.0f", memory.Available()/float64(each)))
}

// certificateSchema names the JSON document of a check and its version.
const certificateSchema = "causalgrad/certificate-check/1"

type certificateDocument struct {
	Schema    string                `json:"schema"`
	Graph     string                `json:"graph"`
	Questions []certificate.Checked `json:"questions"`
}

// Answer says how many cells were proved anew.
func (d certificateDocument) Answer() string {
	cells := 0
	for _, q := range d.Questions {
		cells += q.Holds + q.Fails
	}
	return fmt.Sprintf("Confirmed: all %s of the certificate hold in exact arithmetic, for graph %s.", words.Counted(cells, "cell"), d.Graph)
}

// checkCertificate proves what a file claims and tabulates it.
func checkCertificate(cmd *cobra.Command, o output, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return userfile.Error(name, err)
	}
	defer file.Close()
	bars := newProgress(cmd.ErrOrStderr())
	var bar func(int)
	c, err := certificate.Check(file, func(done, all int) {
		if bar == nil || done == 1 {
			bar = bars.bar("cells", all)
		}
		bar(done)
	})
	bars.wait()
	if errors.Is(err, certificate.ErrFalse) {
		fmt.Fprintf(cmd.ErrOrStderr(), "causalgrad: %v\n", userfile.Error(name, err))
		return errFails
	}
	if err != nil {
		return userfile.Error(name, err)
	}
	t := table.Table{ID: "certificate", Title: "Certificate " + name + " confirmed in exact arithmetic, graph " + c.Forest.String(), Columns: []table.Column{
		{Name: "S", Align: table.Right}, {Name: "signal of"}, {Name: "competitors"}, {Name: "cells that hold", Align: table.Right},
		{Name: "cells that fail", Align: table.Right}, {Name: "certified", Align: table.Decimal}, {Name: "refuted", Align: table.Decimal}}}
	for _, q := range c.Questions {
		t.Add(table.Integer(q.Tokens), table.Text(q.Signal()), table.Text(q.Competitors()), table.Integer(q.Holds), table.Integer(q.Fails),
			table.Fixed(q.Certified, 4), table.Fixed(q.Refuted, 4))
	}
	t.Note("shares of the volume of all chains; every cell was proved without the bounds of the search, and no two have a chain inside in common")
	return o.write(cmd, certificateDocument{certificateSchema, c.Forest.String(), c.Questions}, t)
}

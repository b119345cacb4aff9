package evidence

import (
	"fmt"

	"causalgrad/reports/table"
	"causalgrad/theory/certificate"
	"causalgrad/theory/certify"
	"causalgrad/theory/graph"
	"causalgrad/theory/verdict"
)

// RegionBudget bounds the cells evaluated for one region.
type RegionBudget struct {
	TwoTokens, ThreeTokens int
}

// QuickRegions takes a few seconds in all.
func QuickRegions() RegionBudget { return RegionBudget{TwoTokens: 1 << 20, ThreeTokens: 200_000} }

// CertifyRegions computes the certified regions of a forest: which chains have a positive
// margin, proved by interval arithmetic, for one chain and for the mean over
// its orbit, with and without the child itself competing. Decided cells go to w,
// which may be nil.
func CertifyRegions(f graph.Forest, b RegionBudget, w *certificate.Writer) (CertifiedRegions, error) {
	var list CertifiedRegions
	for _, tokens := range []int{2, 3} {
		for _, orbit := range []bool{false, true} {
			for _, self := range []bool{false, true} {
				r := certify.Region{Forest: f, Tokens: tokens, Self: self, Orbit: orbit, MinWidth: 1. / 2048, MaxCells: b.TwoTokens}
				if tokens == 3 {
					r.MinWidth, r.MaxCells = 1./256, b.ThreeTokens
				}
				m, err := certifyRegion(r, w)
				if err != nil {
					return nil, err
				}
				list = append(list, CertifiedRegion{r, m})
			}
		}
	}
	return list, nil
}

func certifyRegion(r certify.Region, w *certificate.Writer) (certify.Map, error) {
	if w == nil {
		return certify.Certify(r)
	}
	w.Question(question(r))
	m, err := certify.Parts(r, func(p certify.Part) {
		if p.Verdict != verdict.Undecided {
			w.Cell(p.Corners, p.Verdict, p.Bound)
		}
	})
	w.Shares(certificate.Shares{Certified: m.Certified, Refuted: m.Refuted})
	return m, err
}

// Question is the region's question in the words of a certificate.
func (r CertifiedRegion) Question() certificate.Question { return question(r.Region) }

func question(r certify.Region) certificate.Question {
	return certificate.Question{Tokens: r.Tokens, Orbit: r.Orbit, Self: r.Self}
}

// CertifiedRegion is a question about all chains and its answer.
type CertifiedRegion struct {
	Region certify.Region
	Map    certify.Map
}

// CertifiedRegions are several questions about one forest.
type CertifiedRegions []CertifiedRegion

// Table shows the certified, refuted and undecided shares of the volume of all
// chains; name is the forest's.
func (regions CertifiedRegions) Table(name string) table.Table {
	t := table.Table{ID: "regions", Title: "Certified regions: chains whose signal has the parent ahead, graph " + name, Columns: []table.Column{
		{Name: "S", Align: table.Right}, {Name: "signal of"}, {Name: "competitors"}, {Name: "certified", Align: table.Decimal},
		{Name: "refuted", Align: table.Decimal}, {Name: "undecided", Align: table.Decimal}, {Name: "cells", Align: table.Right}}}
	for _, r := range regions {
		q := r.Question()
		t.Add(table.Integer(r.Region.Tokens), table.Text(q.Signal()), table.Text(q.Competitors()), table.Fixed(r.Map.Certified, 4),
			table.Fixed(r.Map.Refuted, 4), table.Fixed(r.Map.Undecided, 4), table.Integer(r.Map.Evaluated))
	}
	t.Note(fmt.Sprintf("shares of the volume of all chains (S = 2: the unit square; S = 3: three triangles), T = %d; proved with outward-rounded intervals; the margin is 0 on rank-one chains, so some cells must stay undecided", regions[0].Region.Forest.SequenceLength()))
	return t
}

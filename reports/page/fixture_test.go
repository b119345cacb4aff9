package page

import (
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/reports/figure"
	"causalgrad/reports/manifest"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// fixture is a page with every verdict, a wide table, a figure, an exhibit that
// two claims share, and texts that would break careless HTML.
func fixture(t *testing.T) Page {
	t.Helper()
	var points []figure.RatePoint
	for _, length := range []int{16, 32, 64, 128} {
		points = append(points, figure.RatePoint{Length: length, Gap: measure.Mean{Value: 4 / float64(length), StdErr: 0.001}})
	}
	rate, err := figure.Rate("rate", "Loss gap <against> T & its fit", points, nil, "no single power")
	require.NoError(t, err)
	wide := table.Table{ID: "wide", Title: "A wide table", Columns: []table.Column{{Name: "run"}}}
	row := []table.Cell{table.Text("chain").WithNote(wide.Note("a note"))}
	for i := range 16 {
		wide.Columns = append(wide.Columns, table.Column{Name: "long column name " + string(rune('a'+i)), Unit: "nats", Align: table.Decimal})
		row = append(row, table.Measured(0.651+float64(i), 0.0012))
	}
	wide.Add(row...)
	small := table.Table{ID: "small", Title: "A small table", Columns: []table.Column{{Name: "verdict"}}}
	small.Add(table.Verdict(verdict.Holds))
	p := Page{Title: "causalgrad: what holds", Lead: "One line about the paper.", Tables: []table.Table{small}}
	for i, v := range []verdict.Verdict{verdict.Holds, verdict.Fails, verdict.Partly, verdict.Undecided, verdict.NotRun} {
		e := Entry{ID: "claim" + string(rune('0'+i)), Statement: "The parent has the largest signal, <b>k < i</b> & so on.", Where: "lemma", Source: "https://arxiv.org/abs/2402.14735", Line: "margin 0.01", Kind: "exact",
			Certainty: "derived", Verdict: v, Numbers: "margin 0.0123(4)", Command: "causalgrad check --graph chain --prior 'orbit:1,1' --length 128 --seed 1 --format json --out a-rather-long-file-name.json",
			Provenance: []Fact{{"record", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}}
		switch i {
		case 0:
			e.Tables, e.Figures = []table.Table{wide}, []figure.Figure{rate}
		case 1:
			e.Tables, e.Figures = []table.Table{wide}, []figure.Figure{rate}
		}
		p.Entries = append(p.Entries, e)
	}
	p.Manifest, err = manifest.New()
	require.NoError(t, err)
	p.Manifest.Specs = []experiment.Spec{experiment.Default()}
	p.Manifest.Files = []manifest.File{manifest.Describe("records/a.json", []byte("a"))}
	return p
}

func render(t *testing.T, p Page) []byte {
	t.Helper()
	document, err := p.HTML()
	require.NoError(t, err)
	return document
}

package report

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"causalgrad/golden/reference"
	"causalgrad/golden/runs"
	"causalgrad/impl/durable"
	"causalgrad/reports/ci"
	"causalgrad/reports/claim"
	"causalgrad/reports/figure"
	"causalgrad/reports/manifest"
	"causalgrad/reports/page"
	"causalgrad/reports/table"

	"golang.org/x/sync/errgroup"
)

// file is a file below the report's folder.
type file struct {
	path string
	data []byte
}

// Names of what stands at the top of a report's folder, beside the manifest.
const (
	PageName  = "index.html"
	JUnitName = "junit.xml"
)

// Report is a report before it is written.
type Report struct {
	Claims   []claim.Judged
	Tables   []table.Table // the ledger's two first
	Entries  []page.Entry
	Manifest manifest.Manifest // without the hashes of the page and of the JUnit file

	records []file // the runs and the fingerprint
	derived []file // tables, figures, JUnit file, page
}

// Build judges the claims, draws the figures and renders every file. Program,
// machine, kernel and wall time are m's; the rest of the manifest is filled in.
func Build(g Gathered, m manifest.Manifest) (Report, error) {
	claims := claim.Ledger(g.Evidence)
	r := Report{Claims: claims, Tables: append([]table.Table{claim.Table(claims), claim.Statements(claims)}, g.Tables...)}
	figures, err := g.figures()
	if err != nil {
		return Report{}, err
	}
	for _, run := range g.Runs {
		files, err := run.files()
		if err != nil {
			return Report{}, err
		}
		r.records = append(r.records, files...)
	}
	if g.Here != nil {
		data, err := runs.EncodeBuild(*g.Here)
		if err != nil {
			return Report{}, err
		}
		r.records = append(r.records, file{fingerprintName, data})
	}
	if err := r.render(figures); err != nil {
		return Report{}, err
	}
	m.Seeds, m.Parts, m.Specs, m.Files = []uint64{g.Plan.Seed}, g.Plan.Parts, nil, nil
	for _, run := range g.Runs {
		m.Specs = append(m.Specs, run.Record.Spec)
	}
	if m.Goldens, err = goldens(); err != nil {
		return Report{}, err
	}
	m.Files = describe(append(slices.Clone(r.records), r.derived...))
	r.Manifest = m
	return r, r.finish(g, figures)
}

// render adds tables and figures to the derived files, as many at once as there are
// processors.
func (r *Report) render(figures []figure.Figure) error {
	tables := make([][]file, len(r.Tables))
	drawn := make([][]file, len(figures))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range figures {
		group.Go(func() error {
			for _, format := range figure.Formats {
				data, err := f.Render(format)
				if err != nil {
					return err
				}
				drawn[i] = append(drawn[i], file{path.Join("figures", f.ID+"."+format), data})
			}
			return nil
		})
	}
	for i, t := range r.Tables {
		group.Go(func() error {
			for _, format := range table.Formats {
				var buffer bytes.Buffer
				if err := table.Render(&buffer, format, t); err != nil {
					return err
				}
				tables[i] = append(tables[i], file{path.Join("tables", t.ID+format.Ending()), buffer.Bytes()})
			}
			return nil
		})
	}
	err := group.Wait()
	r.derived = append(r.derived, slices.Concat(append(tables, drawn...)...)...)
	return err
}

// openingFigure is the picture that opens the page.
const openingFigure = "first-step"

// finish adds the JUnit file and the page, which shows the manifest.
func (r *Report) finish(g Gathered, figures []figure.Figure) error {
	p := page.Page{Title: "causalgrad: what holds, and on what evidence",
		Lead:     "Claims of “How Transformers Learn Causal Structure with Gradient Descent” (Nichani, Damian, Lee, ICML 2024), each with its verdict, computed from the runs and searches below. Unfold a claim for its numbers, tables, figures and the command that reproduces it.",
		Findings: claim.Findings(r.Claims), Manifest: r.Manifest}
	for _, g := range claim.Groups() {
		p.Groups = append(p.Groups, string(g))
	}
	for i, f := range figures {
		if f.ID == openingFigure {
			p.Opening = &figures[i]
		}
	}
	var err error
	shown := map[string]bool{} // only looked up
	for _, c := range r.Claims {
		e := c.Entry(g.Tables, figures)
		if e.Provenance, err = g.provenance(c); err != nil {
			return err
		}
		for _, t := range e.Tables {
			shown["table "+t.ID] = true
		}
		for _, f := range e.Figures {
			shown["figure "+f.ID] = true
		}
		r.Entries = append(r.Entries, e)
	}
	p.Entries = r.Entries
	for _, t := range g.Tables {
		if !shown["table "+t.ID] {
			p.Tables = append(p.Tables, t)
		}
	}
	for _, f := range figures {
		if !shown["figure "+f.ID] && f.ID != openingFigure {
			p.Figures = append(p.Figures, f)
		}
	}
	var junit bytes.Buffer
	if err := ci.JUnit(&junit, r.Entries); err != nil {
		return err
	}
	document, err := p.HTML()
	if err != nil {
		return err
	}
	r.derived = append(r.derived, file{JUnitName, junit.Bytes()}, file{PageName, document})
	return nil
}

// Page is the rendered page.
func (r Report) Page() []byte { return r.derived[len(r.derived)-1].data }

func describe(files []file) []manifest.File {
	var all []manifest.File
	for _, f := range files {
		all = append(all, manifest.Describe(f.path, f.data))
	}
	slices.SortFunc(all, func(a, b manifest.File) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// goldens are the hashes of what runs are compared with.
func goldens() ([]manifest.File, error) {
	official, err := manifest.Hash(reference.FS())
	if err != nil {
		return nil, err
	}
	golden, err := manifest.Hash(runs.FS())
	if err != nil {
		return nil, err
	}
	for i := range official {
		official[i].Path = path.Join("golden/reference", official[i].Path)
	}
	for i := range golden {
		golden[i].Path = path.Join("golden/runs", golden[i].Path)
	}
	return append(official, golden...), nil
}

// Write saves the report. What an older report in the folder lists in its
// manifest and this one does not have is removed; anything else stays.
func (r Report) Write(folder string) error {
	all := append(slices.Clone(r.records), r.derived...)
	if err := removeOld(folder, all); err != nil {
		return err
	}
	for _, f := range all {
		if err := durable.WriteFile(filepath.Join(folder, filepath.FromSlash(f.path)), f.data); err != nil {
			return err
		}
	}
	m := r.Manifest
	m.Files = describe(all)
	return m.Save(folder)
}

// removeOld never touches records, which may be another command's too, nor
// anything out of the folder.
func removeOld(folder string, kept []file) error {
	old, err := manifest.Load(folder)
	if err != nil {
		return nil // no report, or none that this program can read
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return fmt.Errorf("report %s: %w", folder, reason(err))
	}
	defer func() { _ = root.Close() }()
	for _, f := range old.Files {
		derived := strings.HasPrefix(f.Path, "tables/") || strings.HasPrefix(f.Path, "figures/") || f.Path == fingerprintName
		if !derived || slices.ContainsFunc(kept, func(k file) bool { return k.path == f.Path }) {
			continue
		}
		if err := root.Remove(filepath.FromSlash(f.Path)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("report %s: removing %s: %w", folder, f.Path, reason(err))
		}
	}
	return nil
}

package page

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"causalgrad/reports/figure"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

var (
	//go:embed page.html.tmpl
	pageTemplate string
	//go:embed page.css
	styles string
	//go:embed page.js
	script string
)

// view is what the template sees.
type view struct {
	Page
	Style, Script template.HTML
	Groups        []groupView
	Glossary      []Term
	Opening       *exhibit
	Counts        []countView
	Exhibits      []exhibit
	Program       []Fact
}

type groupView struct {
	Name   string
	Claims []claimView
}

type claimView struct {
	Entry
	Class, Mark string
	Exhibits    []exhibit
}

type countView struct {
	Verdict     verdict.Verdict
	Class, Mark string
	Count       int
}

// exhibit is a table or a figure, or a link to where it stands already.
type exhibit struct {
	Anchor, ID, Name, Caption, Alt string
	Body                           template.HTML
	Seen, Figure                   bool
}

// marks tell verdicts apart without colour.
var marks = map[verdict.Verdict]string{verdict.Holds: "✓", verdict.Pass: "✓", verdict.Fails: "✗", verdict.Fail: "✗",
	verdict.Partly: "◐", verdict.Undecided: "?", verdict.NotRun: "–"}

func verdictClass(v verdict.Verdict) string {
	return "verdict-" + strings.ReplaceAll(strings.ToLower(string(v)), " ", "-")
}

// HTML is the page as one document. The bytes are a function of the page. An
// invalid entry, table or figure, and two of one id that differ, are errors.
func (p Page) HTML() ([]byte, error) {
	v := view{Page: p, Style: template.HTML("<style>\n" + styles + "</style>"), Script: template.HTML("<script>\n" + script + "</script>")}
	if p.Title == "" {
		return nil, fmt.Errorf("page has no title")
	}
	v.Glossary = Glossary()
	cabinet := cabinet{tables: map[string]table.Table{}, figures: map[string]figure.Figure{}}
	if p.Opening != nil {
		opening, err := cabinet.exhibits([]figure.Figure{*p.Opening}, nil)
		if err != nil {
			return nil, err
		}
		v.Opening = &opening[0]
	}
	names := p.Groups
	if len(names) == 0 {
		names = []string{""}
	}
	for _, name := range names {
		v.Groups = append(v.Groups, groupView{Name: name})
	}
	claims, counts := map[string]bool{}, map[verdict.Verdict]int{}
	for _, e := range p.Entries {
		if err := e.Check(); err != nil {
			return nil, err
		}
		if claims[e.ID] {
			return nil, fmt.Errorf("two claims have the id %q, want distinct ids", e.ID)
		}
		claims[e.ID] = true
		counts[e.Verdict]++
		exhibits, err := cabinet.exhibits(e.Figures, e.Tables)
		if err != nil {
			return nil, fmt.Errorf("claim %s: %w", e.ID, err)
		}
		i := slices.Index(names, e.Group)
		if i < 0 {
			return nil, fmt.Errorf("claim %s: group %q, want one of %s", e.ID, e.Group, strings.Join(names, ", "))
		}
		v.Groups[i].Claims = append(v.Groups[i].Claims, claimView{e, verdictClass(e.Verdict), marks[e.Verdict], exhibits})
	}
	for _, verdict := range verdictOrder {
		if counts[verdict] > 0 {
			v.Counts = append(v.Counts, countView{verdict, verdictClass(verdict), marks[verdict], counts[verdict]})
		}
	}
	var err error
	if v.Exhibits, err = cabinet.exhibits(p.Figures, p.Tables); err != nil {
		return nil, err
	}
	v.Program = program(p)
	parsed, err := template.New("page").Funcs(template.FuncMap{"math": func(s string) template.HTML { return template.HTML(table.Mathematics(s)) }, "groupAnchor": groupAnchor}).Parse(pageTemplate)
	if err != nil {
		return nil, fmt.Errorf("page template: %w", err)
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return out.Bytes(), requireDistinct(out.Bytes())
}

// cabinet remembers what the page shows already: an exhibit stands under the
// first claim that has it, the others link there.
type cabinet struct {
	tables  map[string]table.Table
	figures map[string]figure.Figure
}

func (c cabinet) exhibits(figures []figure.Figure, tables []table.Table) ([]exhibit, error) {
	var all []exhibit
	for _, f := range figures {
		svg, err := f.SVG()
		if err != nil {
			return nil, err
		}
		first, seen := c.figures[f.ID]
		if seen {
			if old, err := first.SVG(); err != nil || !bytes.Equal(old, svg) {
				return nil, fmt.Errorf("two different figures have the id %q", f.ID)
			}
		}
		c.figures[f.ID] = f
		all = append(all, exhibit{Anchor: "figure-" + f.ID, ID: f.ID, Name: "Figure", Caption: f.Title, Alt: f.Alt, Body: inline(svg), Seen: seen, Figure: true})
	}
	for _, t := range tables {
		var body bytes.Buffer
		if err := table.Render(&body, table.FormatHTML, t); err != nil {
			return nil, err
		}
		first, seen := c.tables[t.ID]
		if seen && !reflect.DeepEqual(first, t) {
			return nil, fmt.Errorf("two different tables have the id %q", t.ID)
		}
		c.tables[t.ID] = t
		all = append(all, exhibit{Anchor: t.ID, ID: t.ID, Name: "Table", Caption: t.Title, Body: template.HTML(body.String()), Seen: seen})
	}
	return all, nil
}

// groupAnchor is where a group of claims stands.
func groupAnchor(name string) string {
	return "group-" + strings.ReplaceAll(strings.ToLower(name), " ", "-")
}

// inline is an SVG document as an element of the page.
func inline(svg []byte) template.HTML {
	if _, rest, ok := bytes.Cut(svg, []byte("?>\n")); ok {
		svg = rest
	}
	return template.HTML(svg)
}

var ids = regexp.MustCompile(`[\s]id="([^"]*)"`)

// requireDistinct reports an id that occurs twice: a table named like a claim's
// anchor, say.
func requireDistinct(document []byte) error {
	seen := map[string]bool{}
	for _, match := range ids.FindAllSubmatch(document, -1) {
		id := string(match[1])
		if seen[id] {
			return fmt.Errorf("two elements of the page have the id %q; rename the table or figure", id)
		}
		seen[id] = true
	}
	return nil
}

// program is the manifest as lines of the page.
func program(p Page) []Fact {
	m := p.Manifest
	facts := []Fact{{"version", m.Program.Version}, {"commit", m.Program.Commit}, {"Go", m.Program.Go}, {"machine", m.Machine}, {"kernel", m.Kernel}}
	if m.Program.Modified {
		facts[1].Value += " (with uncommitted changes)"
	}
	if m.WallSeconds > 0 {
		facts = append(facts, Fact{"wall time", fmt.Sprintf("%.1f seconds", m.WallSeconds)})
	}
	if len(m.Seeds) > 0 {
		facts = append(facts, Fact{"seeds", strings.Trim(fmt.Sprint(m.Seeds), "[]")})
	}
	known := facts[:0]
	for _, f := range facts {
		if f.Value != "" {
			known = append(known, f)
		}
	}
	return known
}

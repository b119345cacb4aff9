package page

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"causalgrad/impl/measure"
	"causalgrad/reports/figure"
	"causalgrad/reports/table"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// elements lists every element of a document, in order.
func elements(t *testing.T, document []byte) []*html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(document))
	require.NoError(t, err)
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return out.String()
}

// beside are the files that a report saves beside the page.
var beside = regexp.MustCompile(`^(tables/[a-z0-9_-]+\.(csv|tex|json)|figures/[a-z0-9_-]+\.(svg|png|pdf))$`)

func TestIdsAreDistinctAndInternalLinksResolve(t *testing.T) {
	ids, links := map[string]bool{}, []string{}
	for _, n := range elements(t, render(t, fixture(t))) {
		if id := attribute(n, "id"); id != "" {
			require.False(t, ids[id], "id %q occurs twice", id)
			ids[id] = true
		}
		if n.Data == "a" {
			links = append(links, attribute(n, "href"))
		}
	}
	require.NotEmpty(t, links)
	for _, link := range links {
		if strings.HasPrefix(link, "#") {
			require.True(t, ids[link[1:]], "link %q resolves", link)
			continue
		}
		require.True(t, beside.MatchString(link) || link == "https://arxiv.org/abs/2402.14735", "link %q", link)
	}
	require.Contains(t, links, "#wide", "the second claim links to the table that the first one shows")
	require.Contains(t, links, "#figure-rate")
}

// References are what a browser would load. Namespaces of SVG are names only.
func TestNothingIsLoadedFromOutside(t *testing.T) {
	document := render(t, fixture(t))
	for _, n := range elements(t, document) {
		for _, a := range n.Attr {
			switch a.Key {
			case "src", "srcset", "data", "poster", "action", "formaction", "background", "ping", "manifest":
				t.Fatalf("<%s %s=%q>", n.Data, a.Key, a.Val)
			case "href":
				require.Equal(t, "a", n.Data, "a link that the reader follows, nothing that the browser loads")
			}
			require.False(t, strings.HasPrefix(a.Key, "on"), "handlers belong to the script: %s", a.Key)
		}
		require.NotContains(t, []string{"link", "iframe", "object", "embed", "base"}, n.Data)
	}
	require.Empty(t, regexp.MustCompile(`(?i)@import|url\(|fetch\(|XMLHttpRequest|WebSocket|import\(`).FindAllString(string(document), -1))
	require.True(t, bytes.Contains(document, []byte(`content="default-src 'none';`)), "the page forbids itself the network")
}

func TestEveryPictureHasWordsAndEveryRegionAName(t *testing.T) {
	pictures := 0
	for _, n := range elements(t, render(t, fixture(t))) {
		switch {
		case n.Data == "svg":
			pictures++
			require.Equal(t, "img", attribute(n, "role"))
			var title, desc string
			for c := range n.ChildNodes() {
				switch c.Data {
				case "title":
					title = text(c)
				case "desc":
					desc = text(c)
				}
			}
			require.Equal(t, "Loss gap <against> T & its fit", title)
			require.Contains(t, desc, "no single power")
		case n.Data == "img":
			require.NotEmpty(t, attribute(n, "alt"))
		}
		if attribute(n, "tabindex") == "0" {
			require.Equal(t, "region", attribute(n, "role"))
			require.NotEmpty(t, attribute(n, "aria-label"))
		}
	}
	require.Equal(t, 1, pictures, "the figure that two claims share is drawn once")
}

func TestLedgerComesFirstAndEachClaimUnfolds(t *testing.T) {
	p := fixture(t)
	var claims []*html.Node
	var headings []string
	for _, n := range elements(t, render(t, p)) {
		if n.Data == "h2" {
			headings = append(headings, text(n))
		}
		if n.Data == "details" && attribute(n, "class") == "claim" {
			claims = append(claims, n)
		}
	}
	require.Equal(t, []string{"Claims", "More tables and figures", "Provenance", "Glossary"}, headings)
	require.Len(t, claims, len(p.Entries))
	for i, e := range p.Entries {
		require.Equal(t, "claim-"+e.ID, attribute(claims[i], "id"))
		words := text(claims[i])
		for _, want := range []string{e.Statement, string(e.Verdict), e.Numbers, e.Command, e.Where, e.Kind, e.Certainty, e.Provenance[0].Value} {
			require.Contains(t, words, want)
		}
	}
}

func TestHTMLIsAFunctionOfThePage(t *testing.T) {
	require.True(t, bytes.Equal(render(t, fixture(t)), render(t, fixture(t))))
}

func TestInvalidPagesAreErrors(t *testing.T) {
	other := table.Table{ID: "wide", Title: "Another one", Columns: []table.Column{{Name: "a"}}}
	clash := other
	clash.ID = "provenance"
	figure2, err := figure.Rate("rate", "Another figure", []figure.RatePoint{
		{Length: 8, Gap: measure.Mean{Value: 1, StdErr: 0.1}}, {Length: 16, Gap: measure.Mean{Value: 0.4, StdErr: 0.1}}}, nil, "no power")
	require.NoError(t, err)
	for _, c := range []struct {
		want   string
		change func(*Page)
	}{
		{"no title", func(p *Page) { p.Title = "" }},
		{"claim claim0 has no statement", func(p *Page) { p.Entries[0].Statement = "" }},
		{"claim claim2 has no command", func(p *Page) { p.Entries[2].Command = "" }},
		{`unknown verdict ""`, func(p *Page) { p.Entries[0].Verdict = "" }},
		{"want a slug", func(p *Page) { p.Entries[0].ID = "A b" }},
		{"two claims have the id", func(p *Page) { p.Entries[1].ID = "claim0" }},
		{"two different tables", func(p *Page) { p.Tables = append(p.Tables, other) }},
		{"two different figures", func(p *Page) { p.Figures = []figure.Figure{figure2} }},
		{`id "provenance"`, func(p *Page) { p.Tables = append(p.Tables, clash) }},
		{"figure", func(p *Page) { p.Figures = []figure.Figure{{}} }},
		{"has no title", func(p *Page) { p.Tables = append(p.Tables, table.Table{ID: "x"}) }},
	} {
		p := fixture(t)
		c.change(&p)
		_, err := p.HTML()
		require.ErrorContains(t, err, c.want)
	}
}

// Claims stand under their groups; a group that is not known is an error.
func TestGroups(t *testing.T) {
	p := fixture(t)
	p.Groups = []string{"the paper", "beyond the paper"}
	_, err := p.HTML()
	require.ErrorContains(t, err, `group ""`)
	for i := range p.Entries {
		p.Entries[i].Group = p.Groups[i%2]
	}
	p.Findings, p.Opening = []string{"One step finds the graph."}, &p.Entries[0].Figures[0]
	document := string(render(t, p))
	require.Contains(t, document, `<h3 id="group-beyond-the-paper">beyond the paper</h3>`)
	require.Less(t, strings.Index(document, "One step finds the graph."), strings.Index(document, `id="ledger"`), "the findings come first")
	require.Less(t, strings.Index(document, "<svg"), strings.Index(document, `id="ledger"`), "and the picture")
	require.Contains(t, document, `<a href="#claim-claim0">`)
	require.Contains(t, document, `id="word-orbit-prior"`)
}

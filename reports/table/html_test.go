package table

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// element is any element with what is inside it.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Inner   string     `xml:",innerxml"`
}

type htmlTable struct {
	XMLName xml.Name    `xml:"table"`
	ID      string      `xml:"id,attr"`
	Caption element     `xml:"caption"`
	Head    []element   `xml:"thead>tr>th"`
	Body    []htmlRow   `xml:"tbody>tr"`
	Notes   []element   `xml:"tfoot>tr>td>ol>li"`
	Rest    []xml.Attr  `xml:",any,attr"`
	Unknown []htmlOther `xml:",any"`
}

type htmlRow struct {
	Cells []element `xml:",any"`
}

type htmlOther struct {
	XMLName xml.Name
}

// inside is the text of an element without references to notes; no other markup than line breaks and powers may be there.
func inside(t require.TestingT, e element) string {
	s, _, _ := strings.Cut(e.Inner, "<sup><a ")
	s = strings.NewReplacer("<br/>", "\n", "\u00d710<sup>\u2212", "e-", "\u00d710<sup>", "e", "</sup>", "").Replace(s)
	require.NotContains(t, s, "<")
	var text string
	require.NoError(t, xml.Unmarshal([]byte("<t>"+s+"</t>"), &text))
	return text
}

func attribute(e element, name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestHTMLReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable().Draw(t, "table")
		if err := table.Check(); err != nil {
			t.Skip(err)
		}
		var out bytes.Buffer
		require.NoError(t, Render(&out, FormatHTML, table))
		var got htmlTable
		require.NoError(t, xml.Unmarshal(out.Bytes(), &got), "%s", out.String())
		require.Empty(t, got.Unknown)
		want := table.normalised().printable()
		require.Equal(t, want.Title, inside(t, got.Caption))
		require.Len(t, got.Head, len(want.Columns))
		for j, c := range want.Columns {
			require.Equal(t, c.heading(), inside(t, got.Head[j]))
			require.Equal(t, "col", attribute(got.Head[j], "scope"))
		}
		require.Len(t, got.Body, len(want.Rows))
		for i, row := range want.Rows {
			require.Len(t, got.Body[i].Cells, len(row))
			for j, c := range row {
				sameHTMLCell(t, c, j == 0, got.Body[i].Cells[j])
			}
		}
		require.Len(t, got.Notes, len(want.Notes))
		for i, note := range want.Notes {
			require.Equal(t, note, inside(t, got.Notes[i]))
		}
	})
}

func sameHTMLCell(t require.TestingT, c Cell, first bool, got element) {
	require.Equal(t, c.text, inside(t, got))
	if first {
		require.Equal(t, "th", got.XMLName.Local)
		require.Equal(t, "row", attribute(got, "scope"))
	}
	if c.number && !c.integer {
		requireSameBits(t, c.value, attribute(got, "data-value"))
	}
	if c.measured {
		requireSameBits(t, c.stderr, attribute(got, "data-stderr"))
	}
	if c.verdict != "" {
		require.Contains(t, strings.Fields(attribute(got, "class")), classOf(c.verdict))
	}
	require.Equal(t, len(c.notes), strings.Count(got.Inner, "<sup><a "))
}

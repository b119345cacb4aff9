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
	XMLName xml.Name    `xml:"figure"`
	ID      string      `xml:"id,attr"`
	Caption element     `xml:"figcaption"`
	Head    []element   `xml:"div>table>thead>tr>th"`
	Body    []htmlRow   `xml:"div>table>tbody>tr"`
	Notes   []element   `xml:"ol>li"`
	Rest    []xml.Attr  `xml:",any,attr"`
	Unknown []htmlOther `xml:",any"`
}

type htmlRow struct {
	Cells []element `xml:",any"`
}

type htmlOther struct {
	XMLName xml.Name
}

// inside is what is inside of an element, without references to notes.
func inside(e element) string {
	s, _, _ := strings.Cut(e.Inner, "<sup><a ")
	return s
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
		require.Equal(t, Mathematics(want.Title), inside(got.Caption))
		require.Len(t, got.Head, len(want.Columns))
		for j, c := range want.Columns {
			require.Equal(t, Mathematics(c.heading()), inside(got.Head[j]))
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
			require.Equal(t, Mathematics(note), inside(got.Notes[i]))
		}
	})
}

func sameHTMLCell(t require.TestingT, c Cell, first bool, got element) {
	require.Equal(t, htmlText(c), inside(got))
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

// Words are escaped and kept, whatever they are, and mathematics is set: what is read back from the markup is the text with its
// Greek letters, minus signs and relations.
func TestMathematicsInHTML(t *testing.T) {
	for text, want := range map[string]string{
		"T^2 / sum rho^d":                                               "T<sup>2</sup> / sum ρ<sup>d</sup>",
		"L - L* falls as T^-1.003":                                      "L − L<sup>*</sup> falls as T<sup>−1.003</sup>",
		"gamma/S at beta0 <= 1":                                         "γ/S at β<sub>0</sub> ≤ 1",
		"error 6.8e-06, [-0.97, -0.9]":                                  "error 6.8×10<sup>−6</sup>, [−0.97, −0.9]",
		"P = 3.3e-06, T = -2":                                           "P = 3.3×10<sup>−6</sup>, T = −2",
		"below 1e-6, not 1.1e-6":                                        "below 10<sup>−6</sup>, not 1.1×10<sup>−6</sup>",
		"a <b> & alphabet, 16->17":                                      "a &lt;b&gt; &amp; alphabet, 16-&gt;17",
		"1/T^2 and (gamma/2), not tables/pi/mu.json or T^2/rho":         "1/T<sup>2</sup> and (γ/2), not tables/pi/mu.json or T<sup>2</sup>/ρ",
		"||B||_F, E pi[a][b], T_eff":                                    "‖B‖<sub>F</sub>, E π<sub>ab</sub>, T<sub>eff</sub>",
		"parents:-1,-1,0 in pi.json, --beta0 -3, [[0.5,0.5],[0.1,0.9]]": "parents:-1,-1,0 in pi.json, --beta0 −3, [[0.5,0.5],[0.1,0.9]]",
	} {
		require.Equal(t, want, Mathematics(text), text)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		if mathematical.MatchString(text) {
			t.Skip("mathematics")
		}
		require.Equal(t, escapeHTML(text), Mathematics(text))
	})
	require.Equal(t, "−1.2×10<sup>−9</sup>", htmlText(Number(-1.2e-9, 2)))
	require.Equal(t, "0.6509(12)", htmlText(Measured(0.65087, 0.0012)))
}

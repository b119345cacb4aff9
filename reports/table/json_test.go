package table

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"causalgrad/theory/verdict"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// document is the schema as the package comment gives it, written down a second time: a renamed field fails.
type document struct {
	Schema  string `json:"schema"`
	ID      string `json:"id"`
	Title   string `json:"title"`
	Columns []struct {
		Name  string `json:"name"`
		Unit  string `json:"unit"`
		Align string `json:"align"`
	} `json:"columns"`
	Rows [][]struct {
		Text    *string          `json:"text"`
		Value   *json.RawMessage `json:"value"`
		Stderr  *json.RawMessage `json:"stderr"`
		Verdict string           `json:"verdict"`
		Notes   []int            `json:"notes"`
	} `json:"rows"`
	Notes []string `json:"notes"`
}

func decode(t require.TestingT, text []byte, into any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(into))
	require.False(t, d.More(), "more than one document")
}

func TestJSONReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable().Draw(t, "table")
		if err := table.Check(); err != nil {
			t.Skip(err)
		}
		var out bytes.Buffer
		require.NoError(t, Render(&out, FormatJSON, table))
		var d document
		decode(t, out.Bytes(), &d)
		table = table.normalised()
		require.Equal(t, []string{"causalgrad/table/2", table.ID, table.Title}, []string{d.Schema, d.ID, d.Title})
		require.Equal(t, table.Notes, d.Notes)
		require.Len(t, d.Columns, len(table.Columns))
		for j, c := range table.Columns {
			require.Equal(t, []string{c.Name, c.Unit, alignNames[c.Align]}, []string{d.Columns[j].Name, d.Columns[j].Unit, d.Columns[j].Align})
		}
		require.NotNil(t, d.Rows)
		require.Len(t, d.Rows, len(table.Rows))
		for i, row := range table.Rows {
			require.Len(t, d.Rows[i], len(row))
			for j, cell := range row {
				got := d.Rows[i][j]
				require.Equal(t, cell.text, *got.Text)
				require.Equal(t, cell.verdict, verdict.Verdict(got.Verdict))
				require.Equal(t, cell.notes, got.Notes)
				sameJSONNumber(t, cell.number, cell.value, cell.integer, cell.text, got.Value)
				sameJSONNumber(t, cell.measured, cell.stderr, false, "", got.Stderr)
			}
		}
	})
}

// sameJSONNumber expects no field where there is no number, a name where JSON has none, and otherwise the same bits or integer.
func sameJSONNumber(t require.TestingT, present bool, want float64, integer bool, digits string, got *json.RawMessage) {
	switch {
	case !present:
		require.Nil(t, got)
	case !finite(want):
		require.Equal(t, strconv.Quote(exactFloat(want)), string(*got))
	case integer:
		require.Equal(t, digits, string(*got))
	default:
		requireSameBits(t, want, string(*got))
	}
}

func TestJSONNamesWhatIsNotFinite(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, Render(&out, FormatJSON, awkward()))
	for _, want := range []string{
		`{"text":"+Inf","value":"+Inf"}`, `{"text":"-Inf","value":"-Inf"}`, `{"text":"0.500000(NaN)","value":0.5,"stderr":"NaN"}`, `{"text":"—"}`,
	} {
		require.Contains(t, out.String(), want)
	}
}

func TestRenderAllJSONIsOneDocumentOfTheSameTables(t *testing.T) {
	for _, tables := range [][]Table{{}, {findings()}, {findings(), awkward()}} {
		var all bytes.Buffer
		require.NoError(t, RenderAll(&all, FormatJSON, tables))
		var d struct {
			Schema string            `json:"schema"`
			Tables []json.RawMessage `json:"tables"`
		}
		decode(t, all.Bytes(), &d)
		require.Equal(t, "causalgrad/tables/2", d.Schema)
		require.NotNil(t, d.Tables, "[] and not null")
		require.Len(t, d.Tables, len(tables))
		for i, table := range tables {
			var one bytes.Buffer
			require.NoError(t, Render(&one, FormatJSON, table))
			require.JSONEq(t, one.String(), string(d.Tables[i]))
		}
	}
}

func TestJSONEmptyListsAreLists(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, Render(&out, FormatJSON, Table{ID: "e", Title: "E", Columns: []Column{{Name: "a"}}}))
	require.Contains(t, out.String(), `"rows": []`)
	require.Contains(t, out.String(), `"notes": []`)
	require.True(t, strings.HasSuffix(out.String(), "}\n"))
}

func TestJSONInsideAnotherDocument(t *testing.T) {
	held, err := json.Marshal(map[string]any{"table": awkward()})
	require.NoError(t, err)
	var one bytes.Buffer
	require.NoError(t, Render(&one, FormatJSON, awkward()))
	require.JSONEq(t, `{"table":`+one.String()+`}`, string(held))
	_, err = json.Marshal(Table{ID: "t", Title: "T"})
	require.ErrorContains(t, err, "table t: no columns")
}

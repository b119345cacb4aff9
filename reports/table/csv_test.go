package table

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func readCSV(t require.TestingT, text string) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	records, err := r.ReadAll()
	require.NoError(t, err)
	return records
}

// What is read back is the normalised text and, bit for bit, the value, its standard error and the verdict.
func TestCSVReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable().Draw(t, "table")
		var out bytes.Buffer
		if err := table.Check(); err != nil {
			t.Skip(err) // two columns collided
		}
		require.NoError(t, Render(&out, FormatCSV, table))
		records := readCSV(t, out.String())
		require.Len(t, records, 1+len(table.Rows))
		for i, row := range table.normalised().Rows {
			at := map[string]string{}
			for k, name := range records[0] {
				at[name] = records[1+i][k]
			}
			for j, cell := range row {
				name := lineBreaks.Replace(strings.ToValidUTF8(table.Columns[j].Name, "\uFFFD"))
				sameNumber(t, cell, at[name], at[name+" stderr"])
				if verdict, ok := at[name+" verdict"]; ok {
					require.Equal(t, string(cell.verdict), verdict)
				} else if cell.verdict != "" {
					require.Equal(t, string(cell.verdict), at[name])
				}
			}
		}
	})
}

func sameNumber(t require.TestingT, cell Cell, value, stderr string) {
	if !cell.number {
		require.Equal(t, cell.text, value)
		return
	}
	if cell.integer {
		require.Equal(t, cell.text, value)
		return
	}
	requireSameBits(t, cell.value, value)
	if cell.measured {
		requireSameBits(t, cell.stderr, stderr)
	}
}

// requireSameBits compares as strconv writes them, so that NaN equals NaN only and -0 is not 0.
func requireSameBits(t require.TestingT, want float64, text string) {
	got, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	require.Equal(t, strconv.FormatFloat(want, 'b', -1, 64), strconv.FormatFloat(got, 'b', -1, 64))
}

func TestCSVHoldsWhatReadersSkip(t *testing.T) {
	x := Table{ID: "t", Title: "T\r\nU", Notes: []string{"n\nm"}, Columns: []Column{{Name: "#a"}}}
	x.Add(Text(""))
	x.Add(Text("# b"))
	x.Add(Text(`#"c"`))
	var one, all bytes.Buffer
	require.NoError(t, Render(&one, FormatCSV, x))
	require.NoError(t, RenderAll(&all, FormatCSV, []Table{x, findings()}))
	want := [][]string{{"#a"}, {""}, {"# b"}, {`#"c"`}}
	require.Equal(t, want, readCSV(t, one.String()))
	blocks := strings.Split(all.String(), "\n\n")
	require.Len(t, blocks, 2)
	require.Equal(t, "# T U\n# [1] n m\n"+one.String(), blocks[0]+"\n")
	require.Equal(t, want, readCSV(t, blocks[0]))
}

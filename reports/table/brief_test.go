package table

import (
	"fmt"
	"testing"

	"causalgrad/theory/verdict"
	"github.com/stretchr/testify/require"
)

func TestBriefKeepsTheFirstRowsAndTheBadOnes(t *testing.T) {
	long := Table{ID: "long", Title: "Long", Columns: []Column{{Name: "n"}, {Name: "verdict"}}, Notes: []string{"first"}}
	for i := range 20 {
		word := verdict.Pass
		switch i {
		case 11:
			word = verdict.Fail
		case 15:
			word = verdict.Undecided
		case 17:
			word = verdict.NotRun
		}
		long.Add(Integer(i), Verdict(word))
	}
	require.Equal(t, long, long.Brief(20, "there"))
	short := long.Brief(12, "there")
	require.NoError(t, short.Check())
	var kept []string
	for _, row := range short.Rows {
		kept = append(kept, row[0].String())
	}
	require.Equal(t, []string{"0", "1", "2", "11", "15"}, kept)
	require.Equal(t, []string{"first", "5 of 20 rows: the first ones and all that fail or are open; the whole table is there"}, short.Notes)
	require.Equal(t, []string{"first"}, long.Notes, "the whole table is as it was")

	open := Table{ID: "open", Columns: []Column{{Name: "verdict"}}}
	for i := range 5 {
		open.Add(Text(fmt.Sprint(i)).WithVerdict(verdict.Fails))
	}
	require.Equal(t, open, open.Brief(4, "there"), "nothing to leave out")
}

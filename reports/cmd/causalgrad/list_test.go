package main

import (
	"fmt"
	"testing"

	"causalgrad/props/fault"

	"github.com/stretchr/testify/require"
)

func TestListOfOneKind(t *testing.T) {
	for _, l := range listing {
		d := document(t, 0, "list", l.kind)
		require.Len(t, d, 3, "the answer, the schema and the kind")
		require.NotEmpty(t, d[l.kind])
		require.Equal(t, fmt.Sprintf("%d %ss.", len(d[l.kind].([]any)), l.noun), d["answer"])
	}
	require.Len(t, document(t, 0, "list", "faults")["faults"], len(fault.All()))
}

// A pattern is looked for in names and sentences, in any case.
func TestListOfAPattern(t *testing.T) {
	found := func(pattern string) (ids []any) {
		for _, e := range document(t, 0, "list", "conditions", pattern)["conditions"].([]any) {
			ids = append(ids, e.(map[string]any)["id"])
		}
		return ids
	}
	require.Equal(t, []any{"A3", "A4"}, found("^a[34]$"))
	require.Equal(t, `2 conditions with "^a[34]$" in the name or the sentence.`, document(t, 0, "list", "conditions", "^a[34]$")["answer"])
	require.Contains(t, found("STATIONARY"), "A0", "in the sentence")
}

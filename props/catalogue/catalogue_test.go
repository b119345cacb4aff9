package catalogue

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/props"
	"causalgrad/props/implaws"
	"causalgrad/props/theorylaws"
)

func TestNoTwoLawsShareAName(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range All() {
		require.False(t, seen[l.ID], l.ID)
		seen[l.ID] = true
		found, ok := Find(l.ID)
		require.True(t, ok)
		require.Equal(t, l.Sentence, found.Sentence)
	}
}

// TestForeignImplementationsAreAskedWhatTheyCanAnswer: a law of package props
// needs nothing but the protocol, and each of the others something beyond it.
func TestForeignImplementationsAreAskedWhatTheyCanAnswer(t *testing.T) {
	beyond := func(l props.Law) bool {
		return slices.ContainsFunc(l.Needs, func(c props.Capability) bool { return !slices.Contains(props.Capabilities(), c) })
	}
	for _, l := range props.All() {
		require.False(t, beyond(l), l.ID)
	}
	for _, l := range slices.Concat(theorylaws.All(), implaws.All()) {
		require.True(t, beyond(l), l.ID)
	}
}

// TestEveryLawCanBeAskedOfTheBuiltin: the methods are there, whatever Can says.
func TestEveryLawCanBeAskedOfTheBuiltin(t *testing.T) {
	for _, c := range props.Capabilities() {
		require.True(t, props.Builtin().Can(c))
	}
	require.False(t, props.Builtin().Can(theorylaws.CanGraph))
	require.True(t, Builtin().Can(theorylaws.CanGraph))
}

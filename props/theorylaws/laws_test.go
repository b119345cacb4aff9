package theorylaws_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/props"
	"causalgrad/props/catalogue"
	"causalgrad/props/theorylaws"
)

// TestBuiltinObeysEveryLaw is a part of the run that `causalgrad conform` makes.
func TestBuiltinObeysEveryLaw(t *testing.T) {
	for _, r := range props.Run(theorylaws.All(), catalogue.Builtin(), props.Options{Seed: 1, Workers: 2}) {
		require.Equal(t, props.Passed, r.Verdict, "%s", r)
	}
}

// FuzzReadLaws is about what is read: graphs and data.
func FuzzReadLaws(f *testing.F) {
	laws := slices.DeleteFunc(theorylaws.All(), func(l props.Law) bool {
		return !slices.Contains(l.Needs, theorylaws.CanGraph) && !slices.Contains(l.Needs, theorylaws.CanInfer)
	})
	props.Fuzz(f, laws, catalogue.Builtin())
}

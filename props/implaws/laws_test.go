package implaws_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/props"
	"causalgrad/props/catalogue"
	"causalgrad/props/implaws"
)

// TestBuiltinObeysEveryLaw is a part of the run that `causalgrad conform` makes.
func TestBuiltinObeysEveryLaw(t *testing.T) {
	for _, r := range props.Run(implaws.All(), catalogue.Builtin(), props.Options{Seed: 1, Workers: 2}) {
		require.Equal(t, props.Passed, r.Verdict, "%s", r)
	}
}

package experiment

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

// Nothing in a spec file is converted in silence: what is no integer in decimal
// digits is refused with its line and value, and so is what the number cannot
// hold.
func TestIntegersAreIntegersOrRefused(t *testing.T) {
	const digits, unsigned = "want an integer in decimal digits", "want 0 to 18446744073709551615"
	for text, want := range map[string]string{
		"steps: 1.9":                           `line 1: field "steps": "1.9", ` + digits,
		"steps: 1.0":                           `"1.0", ` + digits,
		"steps: 1e3":                           `"1e3", ` + digits,
		"steps: 010":                           `"010", ` + digits,
		"steps: 0o10":                          `"0o10", ` + digits,
		"steps: 0x10":                          `"0x10", ` + digits,
		"steps: 1_000":                         `"1_000", ` + digits,
		"steps: +5":                            `"+5", ` + digits,
		"steps: '5'":                           `"5", ` + digits,
		"steps: true":                          `"true", ` + digits,
		"steps: .inf":                          `".inf", ` + digits,
		"steps: 12 monkeys":                    `"12 monkeys", ` + digits,
		"steps: 9223372036854775808":           `9223372036854775808, want -9223372036854775808 to 9223372036854775807`,
		"steps: 1\nseed: -1.5":                 `line 2: field "seed": "-1.5", ` + digits,
		"steps: 1\nseed: -1":                   `line 2: field "seed": -1, ` + unsigned,
		"steps: 1\nseed: 18446744073709551616": `18446744073709551616, ` + unsigned,
		"steps: 1\nseed: 010":                  `"010", ` + digits,
		"steps: 1\nheads: [1.9, 1]":            `line 2: field "heads": entry 0: "1.9", ` + digits,
		"steps: 1\nheads: [1, ~]":              `field "heads": entry 1: no value`,
		"steps: 1\nheads: [1, [1]]":            `field "heads": entry 1: want a single value`,
		"steps: 1\nheads: {a: 1}":              `field "heads": "", want a list`,
		"steps: 1\nlr: high":                   `field "lr": "high", want a number in decimal digits`,
		"steps: 1\nlr: 010":                    `field "lr": "010", want a number in decimal digits`,
		"steps: 1\nlr: 1_0.5":                  `"1_0.5", want a number in decimal digits`,
		"steps: 1\nlr: 1e400":                  `"1e400", want a number in decimal digits`,
		"steps: 1\nlr: [1]":                    `field "lr": want a single value`,
		"steps: 1\nid: [a]":                    `field "id": want a single value`,
	} {
		_, err := ParseSpec([]byte(text))
		require.ErrorContains(t, err, want, text)
		require.NotContains(t, err.Error(), "unmarshal", text)
	}
	_, _, err := Load("testdata/float_steps.yaml")
	require.EqualError(t, err, `spec file testdata/float_steps.yaml: line 1: field "steps": "1.9", `+digits)
	s, err := ParseSpec([]byte("steps: 1\nseed: 18446744073709551615\nid: 2026\nlr: 1\nweight_decay: 1e-4\nheads: [&one 1, *one]\nshifted: &none []"))
	require.NoError(t, err)
	require.Equal(t, uint64(math.MaxUint64), s.Seed)
	require.Equal(t, []any{"2026", 1.0, 1e-4, []int{1, 1}, []string{}}, []any{s.ID, s.LR, s.WeightDecay, s.Heads, s.Shifted})
}

// A spec that is written as YAML or JSON and read again is the same spec, with
// every bit of its numbers.
func TestSpecsComeBackFromTheirText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Default()
		want.Steps, want.Batch = rapid.IntRange(1, maxSteps).Draw(t, "steps"), rapid.IntRange(1, maxSequences).Draw(t, "batch")
		want.Seed = rapid.Uint64().Draw(t, "seed")
		want.LR = rapid.Float64Range(math.SmallestNonzeroFloat64, 1e12).Draw(t, "lr")
		want.InitScale = rapid.Float64Range(0, 100).Draw(t, "init scale")
		want.Heads = rapid.SliceOfN(rapid.IntRange(1, 3), 1, 3).Draw(t, "heads")
		want.Shifted = rapid.SliceOfN(rapid.SampledFrom([]string{"dirichlet:1", "sticky:0.9,1"}), 0, 2).Draw(t, "shifted")
		text, err := yaml.Marshal(want)
		require.NoError(t, err)
		got, err := ParseSpec(text)
		require.NoError(t, err, "%s", text)
		require.Equal(t, want, got)
	})
}

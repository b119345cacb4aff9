package main

import (
	"fmt"
	"slices"

	"causalgrad/theory/markov"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// One rule for all commands: a flag that was given and plays no part in what is
// asked is refused. A mode with few flags lists those that play one (refuseOthers),
// a mode with many those that do not (refuseIgnored). Where a command has --seed, it
// may stand beside everything but such a list.

// refuseIgnored refuses flags that were given and play no part in what was asked:
// when tells when they would.
func refuseIgnored(cmd *cobra.Command, when string, names ...string) error {
	for _, name := range names {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s %s: it plays a part only with %s", name, cmd.Flags().Lookup(name).Value, when)
		}
	}
	return nil
}

// refuseOthers refuses all flags that were given but those and, where the mode
// writes an answer, the output's.
func refuseOthers(cmd *cobra.Command, mode string, names ...string) error {
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if err == nil && !slices.Contains(names, f.Name) {
			err = fmt.Errorf("--%s %s: it plays no part with %s", f.Name, f.Value, mode)
		}
	})
	return err
}

// outputFlags are those of output.
var outputFlags = []string{"format", "out", "table"}

// refuseDraws refuses --draws beside a finite prior, over which sums are exact.
func refuseDraws(cmd *cobra.Command, prior markov.Prior) error {
	if _, finite := prior.(markov.Finite); finite {
		return refuseIgnored(cmd, "a prior that is not a finite set of chains", "draws")
	}
	return nil
}

// refuseZero refuses sizes that were given as 0, which stands for "not given".
func refuseZero(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed && f.Value.String() == "0" {
			return fmt.Errorf("--%s 0: want a size, or leave the flag out", name)
		}
	}
	return nil
}

package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

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

// refuseZero refuses sizes that were given as 0, which stands for "not given".
func refuseZero(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed && f.Value.String() == "0" {
			return fmt.Errorf("--%s 0: want a size, or leave the flag out", name)
		}
	}
	return nil
}

package main

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/theory/userfile"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// standardStreams refuses a command line that takes two things from standard
// input, which holds one, or that names a file to write "-": only the answer
// itself can go to standard output.
func standardStreams(cmd *cobra.Command, args []string) error {
	var from []string
	for _, a := range args {
		if isStandardInput(a) {
			from = append(from, a)
		}
	}
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, v := range values {
			switch {
			case written(cmd, f) && v == userfile.Stdin:
				err = fmt.Errorf("--%s -: want the name of a file or folder; only an answer's --out - is standard output", f.Name)
			case !written(cmd, f) && f.Name != "out" && isStandardInput(v):
				from = append(from, "--"+f.Name+" "+v)
			}
		}
	})
	if err == nil && len(from) > 1 {
		err = fmt.Errorf("%s and %s: both are standard input, which is read once: save one of them in a file", from[0], from[1])
	}
	return err
}

// isStandardInput tells whether an argument, as it is or after the words of a
// grammar such as orbit:@, names standard input.
func isStandardInput(text string) bool {
	name := text[strings.LastIndexAny(text, "@:")+1:]
	return slices.Contains([]string{userfile.Stdin, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"}, name)
}

// written tells whether a flag names what a command writes beside its answer.
func written(cmd *cobra.Command, f *pflag.Flag) bool {
	if f.Name == "out" { // without a format it is no answer's
		return cmd.Flags().Lookup("format") == nil
	}
	return slices.Contains([]string{"save", "weights-out", "junit", "report", "new", "certificate", "folder", "figures", "builds", "records"}, f.Name)
}

package main

import (
	"errors"
	"fmt"
	"strings"

	"causalgrad/theory/suggest"
	"causalgrad/theory/userfile"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// noArguments is for commands that take flags alone. A file's name among the
// arguments was perhaps meant as a graph, and what follows a flag that may stand alone
// as its value.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	meant := ""
	if cmd.Flags().Lookup("graph") != nil {
		name := strings.TrimPrefix(args[0], "@")
		meant = suggest.File(name, "--graph @"+name)
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.NoOptDefVal != "" && f.Value.Type() != "bool" { // its value stands behind a =
			meant = fmt.Sprintf("; did you mean \"--%s=%s\"?", f.Name, args[0])
		}
	})
	return fmt.Errorf("argument %q: %s takes none%s", args[0], cmd.CommandPath(), meant)
}

// subcommandFirst is for a command whose first argument is one of its own commands.
func subcommandFirst(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	meant := suggest.Meant(args[0], commandNames(cmd)...)
	if cmd.Flags().Lookup(args[0]) != nil {
		meant = fmt.Sprintf("; did you mean %q?", "--"+args[0])
	}
	return fmt.Errorf("unknown command %q; causalgrad help lists them%s", args[0], meant)
}

// oneFile is for commands whose argument is a file, with the names of commands of
// their own in mind.
func oneFile(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	meant := ""
	if len(args) > 1 {
		meant = suggest.Meant(args[0], commandNames(cmd)...)
	}
	return fmt.Errorf("%d arguments: %s takes one, a file%s", len(args), cmd.CommandPath(), meant)
}

// atMost is for commands with so many arguments or fewer. One too many may be the
// value of a flag that also stands alone.
func atMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= n {
			return nil
		}
		meant := ""
		cmd.Flags().Visit(func(f *pflag.Flag) {
			if f.NoOptDefVal != "" && f.Value.Type() != "bool" {
				meant = fmt.Sprintf("; a value of --%s stands behind =: --%s=%s", f.Name, f.Name, args[0])
			}
		})
		return fmt.Errorf("%d arguments, %s: %s takes at most %d%s", len(args), userfile.Printable(strings.Join(args, " ")), cmd.CommandPath(), n, meant)
	}
}

// commandNames are the commands and the topics of help below a command.
func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return names
}

// unknownFlag adds to the refusal of a flag the one that was meant.
func unknownFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	typed := unknown.GetSpecifiedName()
	if letters := unknown.GetSpecifiedShortnames(); len(letters) > 1 {
		typed, _, _ = strings.Cut(letters, "=") // a flag with one dash
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	meant := suggest.Nearest(typed, names...)
	if meant != "" {
		meant = fmt.Sprintf("; did you mean %q?", "--"+meant)
	}
	return fmt.Errorf("%w of %s%s", err, cmd.CommandPath(), meant)
}

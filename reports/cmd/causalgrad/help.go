package main

import (
	"fmt"
	"os"
	"strings"

	"causalgrad/reports/page"
	"causalgrad/reports/table"
	"causalgrad/theory/suggest"

	"github.com/spf13/cobra"
)

// newHelp is the command help, which refuses what does not exist.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | TOPIC]",
		Short: "Help about a command or a topic",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			return beginning(typed, commandNames(cmd.Root())), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return fmt.Errorf("help %s: no such command or topic; causalgrad help lists them%s", strings.Join(args, " "), suggest.Meant(args[len(args)-1], commandNames(found)...))
			}
			found.InitDefaultHelpFlag() // so that they are listed too
			found.InitDefaultVersionFlag()
			return found.Help()
		},
	}
}

// newTopics are the topics of help that are no commands.
func newTopics() []*cobra.Command {
	return []*cobra.Command{
		newTopic("graphs", "What --graph takes, a paragraph each", graphTerms),
		newTopic("models", "What --model takes, a paragraph each", modelTerms),
		newTopic("priors", "What --prior takes, a paragraph each", priorTerms),
		newTopic("words", "The glossary: what the words of tables and claims mean", page.Glossary()),
	}
}

// newTopic is help about words, as wide as the terminal.
func newTopic(name, short string, terms []page.Term) *cobra.Command {
	cmd := &cobra.Command{Use: name, Short: short}
	cmd.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		out := cmd.OutOrStdout()
		fmt.Fprintln(out, short+".")
		for _, t := range terms {
			fmt.Fprint(out, "\n"+t.Word+"\n"+table.Indented(t.Meaning, "  ", textWidth(out)))
		}
	})
	return cmd
}

// wrapFlags makes the help of flags as wide as the terminal.
func wrapFlags(root *cobra.Command) {
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "FlagUsages |", fmt.Sprintf("FlagUsagesWrapped %d |", textWidth(os.Stdout))))
}

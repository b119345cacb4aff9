package main

import (
	"fmt"
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

func newTopic(name, short string, terms []page.Term) *cobra.Command {
	var b strings.Builder
	b.WriteString(short + ".\n")
	for _, t := range terms {
		b.WriteString("\n" + t.Word + "\n")
		for line := range strings.Lines(table.Wrapped(t.Meaning, table.Width)) {
			b.WriteString("  " + line)
		}
	}
	return &cobra.Command{Use: name, Short: short, Long: b.String()}
}

package main

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/weights"
	"causalgrad/props"
	"causalgrad/reports/report"
	"causalgrad/reports/table"
	"causalgrad/theory/graph"
	"causalgrad/theory/infer"
	"causalgrad/theory/markov"
	"causalgrad/theory/necessity"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// completer lists the words that may stand in the place of one that is typed in part.
type completer func(typed string) []string

// oneOf completes names. They are listed when they are asked for, not when the program
// starts.
func oneOf(names func() []string) completer {
	return func(typed string) []string { return beginning(typed, names()) }
}

func these(names ...string) completer { return oneOf(func() []string { return names }) }

// listOf completes the last word of a list with commas.
func listOf(one completer) completer {
	return func(typed string) []string {
		at := strings.LastIndex(typed, ",") + 1
		var all []string
		for _, word := range one(typed[at:]) {
			all = append(all, typed[:at]+word)
		}
		return all
	}
}

// orFiles completes words, of which those that mark a file go on with its name.
func orFiles(words []string, marks ...string) completer {
	return func(typed string) []string {
		for _, mark := range marks { // the longer of two that begin alike comes first
			if name, ok := strings.CutPrefix(typed, mark); ok {
				return filesBeginning(mark, name)
			}
		}
		return beginning(typed, append(words, marks...))
	}
}

// filesBeginning are the files and folders whose names go on from name, behind a mark.
func filesBeginning(mark, name string) []string {
	folder, base := filepath.Split(name)
	entries, err := os.ReadDir(cmp.Or(folder, "."))
	if err != nil {
		return nil // no completion is no error
	}
	var all []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), base) || base == "" && strings.HasPrefix(e.Name(), ".") {
			continue
		}
		word := mark + folder + e.Name()
		if e.IsDir() {
			word += string(filepath.Separator)
		}
		all = append(all, word)
	}
	return all
}

func beginning(typed string, names []string) []string {
	var all []string
	for _, name := range names {
		if strings.HasPrefix(name, typed) {
			all = append(all, name)
		}
	}
	return all
}

// texts are names of another type.
func texts[V ~string](names ...V) []string {
	var all []string
	for _, n := range names {
		all = append(all, string(n))
	}
	return all
}

// graphWords and priorWords are how graphs and priors begin; those with a colon go on.
func graphWords() []string {
	var words []string
	for _, kind := range graph.Kinds() {
		if kind == "parents" || kind == "dag" {
			kind += ":"
		}
		words = append(words, kind)
	}
	return append(words, "random:uniform")
}

func priorWords() []string {
	var words []string
	for _, kind := range markov.Kinds() {
		if kind != "point" && kind != "orbit" { // which mark files too
			words = append(words, kind+":")
		}
	}
	return words
}

// completers are those of flags, by their names, which mean the same everywhere.
func completers() map[string]completer {
	choice := these(texts(infer.Auto, infer.Yes, infer.No)...)
	return map[string]completer{
		"format":         these(texts(table.Formats...)...),
		"graph":          orFiles(graphWords(), "adjacency-row-is-parent:@", "adjacency-column-is-parent:@", "@"),
		"prior":          orFiles(priorWords(), "orbit:@", "orbit:", "point:", "@"),
		"shifted":        orFiles(priorWords(), "orbit:@", "orbit:", "point:", "@"),
		"roots":          these("stationary", "uniform"),
		"embedding":      orFiles([]string{"orthogonal", "gaussian:"}, "@"),
		"model":          these(model.Kinds()...),
		"optimizer":      these(optim.Kinds()...),
		"schedule":       these(optim.Schedules()...),
		"weights-layout": these(texts(weights.Named, weights.Official)...),
		"weight":         these(texts(infer.Plain, infer.Gradient)...),
		"header":         choice,
		"index":          choice,
		"one-based":      choice,
		"separator":      these("auto", "comma", "semicolon", "tab", "bar", "space"),
		"kernel":         listOf(oneOf(model.Kernels)),
		"law":            listOf(oneOf(func() []string { return listedNames("laws") })),
		"mistake":        listOf(oneOf(func() []string { return listedNames("faults") })),
		"op":             listOf(these(texts(props.Capabilities()...)...)),
		"parts":          listOf(these(append(report.Parts(), "none")...)),
		"tables":         listOf(these(append(report.Plan{Parts: report.Parts()}.Tables(), allTables)...)),
	}
}

// arguments are the completers of the arguments of commands, given those before.
var arguments = map[string]func(before []string) completer{
	"reproduce": func([]string) completer {
		return oneOf(func() []string {
			names, err := runs.Names()
			if err != nil {
				return nil // reproduce says why
			}
			return names
		})
	},
	"necessity": func([]string) completer { return oneOf(necessity.Conditions) },
	"list": func(before []string) completer {
		if len(before) == 0 {
			return oneOf(kindsListed)
		}
		return oneOf(func() []string { return listedNames(before[0]) })
	},
}

// folders are the flags that name one.
var folders = map[string]bool{"records": true, "folder": true, "figures": true, "builds": true}

// refuseUnknownShells makes the library's command completion refuse what is no shell of
// it, instead of showing its help as if all were well.
func refuseUnknownShells(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args, c.Example = subcommandFirst, "  source <(causalgrad completion bash)"
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
}

// complete tells the shell's completion what the flags and arguments of a command and
// of those below it may be. Where nothing is told, shells complete files.
func complete(cmd *cobra.Command) {
	all := completers()
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		switch c := all[f.Name]; {
		case c != nil:
			mustRegister(cmd.RegisterFlagCompletionFunc(f.Name, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
				return completed(c(typed))
			}))
		case folders[f.Name]:
			mustRegister(cmd.MarkFlagDirname(f.Name))
		case f.Value.Type() != "string":
			mustRegister(cmd.RegisterFlagCompletionFunc(f.Name, cobra.NoFileCompletions))
		}
	})
	if of := arguments[cmd.Name()]; of != nil {
		cmd.ValidArgsFunction = func(_ *cobra.Command, before []string, typed string) ([]string, cobra.ShellCompDirective) {
			return completed(of(before)(typed))
		}
	} else if cmd.Args != nil && !cmd.HasSubCommands() && cmd.Args(cmd, []string{"word"}) != nil {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, c := range cmd.Commands() {
		complete(c)
	}
}

// completed leaves the word open where it may go on.
func completed(words []string) ([]string, cobra.ShellCompDirective) {
	directive := cobra.ShellCompDirectiveNoFileComp
	for _, w := range words {
		if strings.HasSuffix(w, ":") || strings.HasSuffix(w, "@") || strings.HasSuffix(w, string(filepath.Separator)) {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
	}
	return words, directive
}

// mustRegister stops a program whose flags are registered twice, which its tests see.
func mustRegister(err error) {
	if err != nil {
		panic(err)
	}
}

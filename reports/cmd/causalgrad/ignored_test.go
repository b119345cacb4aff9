package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// modes are what the commands can be asked. Of a mode the flags that play no part
// are listed, or after "but" all that do. What a command without modes has plays a
// part always.
var modes = []struct{ line, ignored string }{
	{"check --prior orbit:3,1", "draws figure-width"},
	{"gradient --chain [[0.5,0.5],[0.25,0.75]]", "draws"},
	{"dynamics --prior orbit:3,1", "draws"},
	{"loss --prior orbit:3,1", "draws"},
	{"necessity --stage 2", "evaluations gamma"},
	{"regions --check absent.cert", "but check"},
	{"train --steps 1", "eps prefix ignore weights-layout"},
	{"train --steps 1 --model reduced", "heads init-scale prefix ignore weights-layout"},
	{"train --steps 1 --model transformer", "eps init-scale prefix ignore weights-layout"},
	{"train --steps 1 --weights-in absent.npz", "eps init-scale weights-layout"},
	{"train --spec absent.yaml", "but spec workers figures figure-width weights-in weights-out weights-layout prefix ignore"},
	{"verify", "but weights"},
	{"infer absent.csv", "graph order length prior chain normalise seed forests save eps"},
	{"infer absent.csv --shared-chain", "weight eps"},
	{"infer --simulate 100", "header index one-based renumber separator eps"},
	{"infer --simulate 100 --forests 2", "graph order save confidence eps figures"},
	{"conform", "timeout slow op failed"},
	{"conform -- absent", "op failed"},
	{"conform --new absent.py", "but new op"},
	{"conform --compare absent.json", "but compare failed"},
	{"fingerprint", "builds"},
	{"fingerprint absent.json", "but builds"},
	{"report", "all"},
	{"report --check absent", "but check serve"},
	{"sweep absent.yaml", strings.Join(resourceFlags, " ")},
	{"sweep absent.yaml --slurm", "shard cores figures"},
	{"sweep resume absent.yaml", strings.Join(resourceFlags, " ")},
	{"sweep resume absent.yaml --slurm", "shard cores figures"},
}

// anyValue is a value that a flag of a type takes.
var anyValue = map[string]string{"bool": "true", "string": "x", "stringArray": "x", "stringSlice": "x", "int": "3", "intSlice": "3",
	"uint64": "3", "float64": "0.5", "duration": "1s"}

// A flag that plays no part in what is asked is refused, in every mode of every
// command, before anything is read or computed.
func TestFlagsThatPlayNoPartAreRefused(t *testing.T) {
	root := newRoot()
	for _, m := range modes {
		words := strings.Fields(m.line)
		c, _, err := root.Find(words)
		require.NoError(t, err)
		var ignored []string
		if names, few := strings.CutPrefix(m.ignored, "but "); few {
			c.Flags().VisitAll(func(f *pflag.Flag) {
				if !slices.Contains(strings.Fields(names), f.Name) && (!slices.Contains(outputFlags, f.Name) || strings.Contains(m.line, "--new")) {
					ignored = append(ignored, f.Name)
				}
			})
		} else {
			ignored = strings.Fields(m.ignored)
		}
		require.NotEmpty(t, ignored, m.line)
		for _, name := range ignored {
			f := c.Flags().Lookup(name)
			require.NotNil(t, f, "%s --%s", m.line, name)
			if name == "help" {
				continue
			}
			value := anyValue[f.Value.Type()]
			require.NotEmpty(t, value, f.Value.Type())
			if name == "format" || name == "table" || name == "out" {
				value = map[string]string{"format": "csv", "table": "laws", "out": "absent.csv"}[name]
			}
			flag := []string{"--" + name + "=" + value}
			at := len(strings.Fields(strings.TrimPrefix(c.CommandPath(), "causalgrad ")))
			a := ask(slices.Concat(words[:at], flag, words[at:])...)
			requireRefused(t, a, "--"+name, ": it plays ", " with ")
		}
	}
}

// A file that is named absent is not there: the modes above end before they look.
func TestEveryCommandHasItsModes(t *testing.T) {
	single := strings.Fields("faults heads junit ladder list reproduce scale speed help completion") // and the parts of sweep that only look
	listed := map[string]bool{}
	for _, m := range modes {
		listed[strings.Fields(m.line)[0]] = true
	}
	for _, c := range newRoot().Commands() {
		require.True(t, listed[c.Name()] || slices.Contains(single, c.Name()) || isTopic(c), c.Name())
	}
}

// isTopic reports whether a command is a page of the help.
func isTopic(c *cobra.Command) bool { return !c.Runnable() }

// A size of 0 stands for "not given", and giving it is refused.
func TestSizesOfZeroAreRefused(t *testing.T) {
	for _, line := range []string{"train --steps 2 --length 0", "train --steps 2 --tokens 0", "gradient --length 0"} {
		words := strings.Fields(line)
		requireRefused(t, ask(words...), words[len(words)-2]+" 0: want a size")
	}
}

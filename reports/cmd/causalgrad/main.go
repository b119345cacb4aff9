// Command causalgrad checks the conditions of the paper's theorems on a user's
// graph and prior, trains and verifies its models, runs the laws on an
// implementation and prints the reproducibility tables.
//
// Exit codes: 0 when all that was asked holds, 1 when a claim, law or
// comparison fails, 2 for wrong usage or bad input, 130 and 143 when SIGINT or
// SIGTERM stopped it.
package main

import (
	"errors"
	"io"
	"os"

	"causalgrad/impl/model"
	"causalgrad/reports/manifest"

	"github.com/spf13/cobra"
)

// errFails is returned by a command whose answer is "no": exit code 1.
var errFails = errors.New("fails")

func main() {
	program = startedAs(os.Args[0])
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run executes the command line and returns the exit code. Answers go to
// stdout; what is wrong with the input is one line on stderr.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, release := untilSignal()
	defer release()
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return execute(ctx, root, stderr, grace)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "causalgrad",
		Short: "Verify and reproduce \"How Transformers Learn Causal Structure with Gradient Descent\"",
		Long: `causalgrad reproduces and verifies the paper "How Transformers Learn Causal
Structure with Gradient Descent" (Nichani, Damian, Lee, ICML 2024).

Exit codes: 0 all holds, 1 a claim, law or comparison fails, 2 usage or bad input,
130 and 143 stopped by SIGINT or SIGTERM.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          subcommandFirst,
		Version:       version(manifest.Build()),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			if _, err := model.Kernel(); err != nil { // the environment may name one that does not exist
				return err
			}
			return standardStreams(cmd, args)
		},
	}
	root.AddCommand(
		newCheck(),
		newGradient(),
		newDynamics(),
		newLoss(),
		newNecessity(),
		newRegions(),
		newTrain(),
		newReproduce(),
		newSweep(),
		newVerify(), newInfer(),
		newConform(),
		newFaults(),
		newFingerprint(),
		newLadder(),
		newHeads(),
		newScale(),
		newSpeed(),
		newReport(),
		newJUnit(),
		newList(),
	)
	root.AddCommand(newTopics()...)
	root.SetHelpCommand(newHelp())
	refuseUnknownShells(root)
	wrapFlags(root)
	root.SetVersionTemplate("{{.Version}}")
	root.SetFlagErrorFunc(unknownFlag)
	complete(root)
	return root
}

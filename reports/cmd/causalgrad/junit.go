package main

import (
	"bytes"
	"io"
	"os"

	"causalgrad/impl/durable"
	"causalgrad/reports/ci"
	"causalgrad/theory/userfile"

	"github.com/spf13/cobra"
)

func newJUnit() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "junit FILE",
		Short: "Tests for continuous integration: what go test -json printed, as JUnit and a summary",
		Long: `junit reads what go test -json printed and writes it as JUnit XML. It prints a
summary in Markdown that fits a screen, or appends it to the file that
GITHUB_STEP_SUMMARY names. Laws are written so by conform --junit, claims by report.

The exit code is 1 when a test failed or did not end.`,
		Example: `  make test TEST_FLAGS=-json > tests.json; causalgrad junit tests.json --out tests.xml
  go test -json ./... | causalgrad junit - --out tests.xml`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := userfile.ReadOnce(args[0], maxTestOutput)
			if err != nil {
				return userfile.Error(args[0], err)
			}
			run, err := ci.ReadTests(bytes.NewReader(text))
			if err != nil {
				return userfile.Error(args[0], err)
			}
			if err := writeXML(out, run.JUnit); err != nil {
				return err
			}
			if err := ci.Append(cmd.OutOrStdout(), os.Getenv, run.Summary); err != nil {
				return err
			}
			if run.Failed() {
				return errFails
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "tests.xml", "write the JUnit report to this file")
	return cmd
}

// maxTestOutput bounds what is read of a run of all tests, some megabytes.
const maxTestOutput = 1 << 30

// writeXML writes a JUnit report to a file.
func writeXML(name string, report func(io.Writer) error) error {
	var buffer bytes.Buffer
	if err := report(&buffer); err != nil {
		return err
	}
	return durable.WriteFile(name, buffer.Bytes())
}

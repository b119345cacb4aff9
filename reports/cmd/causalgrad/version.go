package main

import (
	"fmt"
	"strings"

	"causalgrad/reports/manifest"
)

// version is what --version prints: the module's version, the commit and Go's version.
func version(p manifest.Program) string {
	words := []string{p.Version, "commit " + p.Commit, p.Go}
	if p.Version == "" {
		words[0] = "(devel)"
	}
	switch {
	case p.Commit == "":
		words[1] = "commit unknown to the build"
	case p.Modified:
		words[1] += " with changes"
	}
	return fmt.Sprintf("causalgrad %s\n", strings.Join(words, ", "))
}

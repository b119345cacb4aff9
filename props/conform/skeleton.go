package conform

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"causalgrad/props"
	"causalgrad/theory/suggest"
)

//go:embed adapters/protocol.py
var protocolSource string

//go:embed adapters/skeleton.py
var skeletonSource string

// between stands between two functions of a Python file.
const between = "\n\n\n"

// Skeleton is the text of an adapter in Python with the given operations to be
// filled in, all of them where there are none. It needs no library and can be run
// as it is: it then covers nothing. name is the file's.
func Skeleton(name string, operations []props.Capability) (string, error) {
	var names []string
	for _, op := range capabilities {
		names = append(names, string(op))
	}
	for _, op := range operations {
		if !slices.Contains(capabilities, op) {
			return "", fmt.Errorf("operation %q, want some of %v%s", op, capabilities, suggest.Meant(string(op), names...))
		}
	}
	if len(operations) == 0 {
		operations = capabilities
	}
	_, loop, _ := strings.Cut(protocolSource, `"""`+"\n") // after its comment
	parts := strings.Split(strings.TrimSpace(skeletonSource), between)
	kept := []string{parts[0]}
	for _, part := range parts[1:] {
		op, _, _ := strings.Cut(strings.TrimPrefix(part, "def "), "(")
		if !slices.Contains(capabilities, props.Capability(op)) || slices.Contains(operations, props.Capability(op)) {
			kept = append(kept, part)
		}
	}
	at := len(kept) - 2 // before main, and after what it is about
	kept = slices.Insert(kept, at, fmt.Sprintf("OPERATIONS = {%s}", strings.Join(entries(operations), ", ")),
		"# What follows answers the requests; there is nothing to be changed in it.\n"+strings.TrimSpace(loop))
	return strings.ReplaceAll(strings.Join(kept, between), "NAME", name) + "\n", nil
}

func entries(operations []props.Capability) []string {
	var all []string
	for _, op := range operations {
		all = append(all, fmt.Sprintf("%q: %s", op, op))
	}
	return all
}

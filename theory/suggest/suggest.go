// Package suggest finds what a person meant by a word that names nothing, for
// the messages that refuse it.
//
// It decides nothing: what is refused stays refused.
package suggest

import (
	"fmt"
	"os"
	"strings"

	"github.com/agnivade/levenshtein"
)

// longest bounds the words that are compared: no name is as long.
const longest = 64

// Meant is the end of a message, `; did you mean "name"?` with the name that is
// nearest to word, the first of several; empty where none is near. One edit for
// every three letters begun is near, and so is the beginning of a name.
func Meant(word string, names ...string) string {
	typed := strings.ToLower(strings.TrimSpace(word))
	if len(typed) > longest {
		return ""
	}
	best, least := "", (len(typed)+2)/3+1
	for _, name := range names {
		lower := strings.ToLower(name)
		edits := levenshtein.ComputeDistance(typed, lower)
		if len(typed) >= 3 && strings.HasPrefix(lower, typed) {
			edits = min(edits, 1)
		}
		if edits < least {
			best, least = name, edits
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// File is the end of a message where name is a file's that lacks the mark by
// which a flag tells files: the file as it should be spelled. It is empty where
// there is no such file.
func File(name, spelled string) string {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", spelled)
}

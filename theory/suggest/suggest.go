// Package suggest finds what a person meant by a word that names nothing, for
// the messages that refuse it.
//
// It decides nothing: what is refused stays refused.
package suggest

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// longest bounds the words that are compared: no name is as long.
const longest = 64

// Meant is the end of a message, `; did you mean "name"?` with the nearest name; empty
// where none is near.
func Meant(word string, names ...string) string {
	near := Nearest(word, names...)
	if near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", near)
}

// Nearest is the name that is nearest to word, the first of several; empty where none is
// near. One edit for every three letters begun is near, and nearer still are the same
// letters in another order and the beginning of a name.
func Nearest(word string, names ...string) (best string) {
	typed := strings.ToLower(strings.TrimSpace(word))
	if len(typed) > longest {
		return ""
	}
	least := (len(typed)+2)/3 + 1
	for _, name := range names {
		lower := strings.ToLower(name)
		edits := levenshtein.ComputeDistance(typed, lower)
		if len(typed) >= 3 && (strings.HasPrefix(lower, typed) || sorted(lower) == sorted(typed)) {
			edits = min(edits, 1)
		}
		if edits < least {
			best, least = name, edits
		}
	}
	return best
}

// sorted are the letters of a word in their order.
func sorted(word string) string {
	letters := []rune(word)
	slices.Sort(letters)
	return string(letters)
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

// Package words puts counts and lists into sentences. It knows nothing of what is
// counted, and has no counterpart in the paper.
package words

import (
	"fmt"
	"strings"
)

// Counted is a number with its noun: "1 cell", "2 cells", "3 quantities".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Listed joins words with a conjunction before the last: "a", "a and b", "a, b and c".
func Listed(words []string, conjunction string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

// shown is how many names Few gives.
const shown = 5

// Few lists names, of many the first ones and how many more there are.
func Few(names []string) string {
	if len(names) <= shown+1 {
		return Listed(names, "and")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}

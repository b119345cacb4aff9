package sweep

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// arrayDirective is an --array option in an #SBATCH line of a template.
var arrayDirective = regexp.MustCompile(`(?m)^(#SBATCH\b.*?)[ \t]+(?:--array(?:=|[ \t]+)|-a[ \t]*)(\S+)(.*)$`)

// withoutArray removes the --array options of a script, which would make the
// merging job an array too, and returns the %N that the last one had, 0 for none.
func withoutArray(text string) (rest string, throttle int) {
	for _, m := range arrayDirective.FindAllStringSubmatch(text, -1) {
		if _, limit, ok := strings.Cut(m[2], "%"); ok {
			if n, err := strconv.Atoi(limit); err == nil && n > 0 {
				throttle = n
			}
		}
	}
	rest = arrayDirective.ReplaceAllString(text, "$1$3")
	return regexp.MustCompile(`(?m)^#SBATCH[ \t]*\n`).ReplaceAllString(rest, ""), throttle
}

// checkLines refuses carriage returns: a shell takes them for part of a command,
// and Slurm for part of an option.
func checkLines(text string) error {
	if at := strings.IndexByte(text, '\r'); at >= 0 {
		return fmt.Errorf("line %d has a carriage return, want Unix line ends (dos2unix, or sed -i 's/\\r$//')", 1+strings.Count(text[:at], "\n"))
	}
	return nil
}

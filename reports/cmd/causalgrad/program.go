package main

import (
	"path/filepath"
	"regexp"
	"strings"
)

// program is how a line that is printed to be pasted starts this program again;
// main sets it.
var program = "causalgrad"

// startedAs is how a shell starts the program whose first argument is arg0: the
// same file again, or "go run" where that file is go run's own.
func startedAs(arg0 string) string {
	if ofGoRun.MatchString(filepath.ToSlash(arg0)) {
		return "go run causalgrad/reports/cmd/causalgrad"
	}
	return shellWord(arg0)
}

// ofGoRun are the files that go run makes: the first time in a temporary folder, later
// in Go's cache. The import path of the package runs from every folder of a module
// that knows it.
var ofGoRun = regexp.MustCompile(`/go-build\d+/b\d+/exe/[^/]+$|/[0-9a-f]{2}/[0-9a-f]{64}-d/[^/]+$`)

// shellWord quotes a word where a shell would change it.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./=:,@%+", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

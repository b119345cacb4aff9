package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"causalgrad/props"

	"github.com/stretchr/testify/require"
)

// session is a command of a page with the lines that it shows.
type session struct {
	command string
	want    []string
}

// sessions reads the console blocks of a page.
func sessions(text string) []session {
	var list []session
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "```console":
			inside = true
		case line == "```":
			inside = false
		case inside && strings.HasPrefix(line, "$ "):
			list = append(list, session{command: strings.TrimPrefix(line, "$ ")})
		case inside:
			last := &list[len(list)-1]
			last.want = append(last.want, line)
		}
	}
	return list
}

// follows reports the first wanted line that got lacks, in order; "..." stands
// for any lines, and what is not after one must be the very next.
func follows(want, got []string) (missing string, ok bool) {
	at, skip := 0, false
	for _, line := range want {
		if line == "..." {
			skip = true
			continue
		}
		for skip && at < len(got) && got[at] != line {
			at++
		}
		if at >= len(got) || got[at] != line {
			return line, false
		}
		at, skip = at+1, false
	}
	return "", true
}

var (
	echo   = regexp.MustCompile(`^echo '([^']*)' > (\S+)$`)
	binary = "causalgrad"
)

// TestMain lets the test binary stand for the command.
func TestMain(m *testing.M) {
	_ = os.Unsetenv("COLUMNS") // text is as wide as where there is no terminal
	if os.Getenv("CAUSALGRAD_TEST_COMMAND") != "" {
		program = startedAs(os.Args[0])
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// TestREADME runs the commands of the README and of the command's manual, and
// finds what they show.
func TestREADME(t *testing.T) {
	for name, least := range map[string]int{"README.md": 2, "reports/README.md": 5} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", "..", "..", filepath.FromSlash(name)))
			require.NoError(t, err)
			list := sessions(string(text))
			require.GreaterOrEqual(t, len(list), least)
			runSessions(t, list)
		})
	}
}

func runSessions(t *testing.T, list []session) {
	t.Helper()
	folder := t.TempDir()
	for _, s := range list {
		if file := echo.FindStringSubmatch(s.command); file != nil {
			require.NoError(t, os.WriteFile(filepath.Join(folder, file[2]), []byte(file[1]), 0o600))
			continue
		}
		words := strings.Fields(s.command)
		require.Equal(t, binary, words[0])
		cmd := exec.Command(os.Args[0], words[1:]...)
		cmd.Dir, cmd.Env = folder, append(os.Environ(), "CAUSALGRAD_TEST_COMMAND=1")
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		_ = cmd.Run() // examples of failures exit with 1 or 2
		missing, ok := follows(s.want, strings.Split(out.String(), "\n"))
		require.True(t, ok, "%s: no line %q in\n%s", s.command, missing, out.String())
	}
}

// The workflow that the README shows is the one that runs here.
func TestREADMEShowsTheWorkflow(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	workflow, err := os.ReadFile(filepath.Join(root, ".github", "workflows", "ci.yml"))
	require.NoError(t, err)
	require.Contains(t, string(readme), "```yaml\n"+string(workflow)+"```\n")
}

// The commands that the README shows without their output are commands and targets, with
// flags that they have; runSessions runs the others.
func TestREADMEShowsCommands(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	require.NoError(t, err)
	shown := 0
	for line := range strings.Lines(string(readme)) {
		line, comment, _ := strings.Cut(line, " #")
		for one := range strings.SplitSeq(line, "&&") {
			words := strings.Fields(one)
			switch {
			case !strings.HasPrefix(line, "    ") || len(words) == 0 || words[0] != "make" && words[0] != binary:
				continue
			case words[0] == "make":
				require.Contains(t, string(makefile), "\n"+words[1]+":", comment)
			default:
				requireParses(t, words[1:])
			}
			shown++
		}
	}
	require.GreaterOrEqual(t, shown, 8, "lines of commands")
}

// requireParses: it is a command, with these flags and as many arguments. Nothing runs.
func requireParses(t *testing.T, words []string) {
	t.Helper()
	cmd, rest, err := newRoot().Find(words)
	require.NoError(t, err, words)
	require.NoError(t, cmd.ParseFlags(rest), words)
	require.NoError(t, cmd.ValidateArgs(cmd.Flags().Args()), words)
	require.NoError(t, cmd.ValidateRequiredFlags(), words)
	require.NoError(t, cmd.ValidateFlagGroups(), words)
}

// The test that the README shows is Go, and the methods that it names are those of an
// implementation.
func TestREADMEShowsATest(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	require.NoError(t, err)
	_, block, found := strings.Cut(string(readme), "```go\n")
	require.True(t, found)
	block, _, _ = strings.Cut(block, "```")
	_, err = parser.ParseFile(token.NewFileSet(), "mine_test.go", "package mine\n"+block, parser.SkipObjectResolution)
	require.NoError(t, err)
	_, methods, found := strings.Cut(block, "methods it has: ")
	require.True(t, found)
	methods, _, _ = strings.Cut(methods, ".\n")
	var named []string
	for _, name := range strings.Split(strings.ReplaceAll(methods, "\n//", ""), ", ") {
		named = append(named, strings.TrimSpace(name))
	}
	require.Len(t, named, len(props.Capabilities()), "a method each")
	builtin := reflect.TypeOf(props.Builtin())
	for _, name := range named {
		_, has := builtin.MethodByName(name)
		require.True(t, has, name)
	}
}

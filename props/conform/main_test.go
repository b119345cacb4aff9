package conform

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"causalgrad/props"
)

// The test binary is also the command under test: with this variable set it
// plays a role and exits.
const roleVariable = "CAUSALGRAD_CONFORM_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		play(role)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// play answers hello like the built-in subject and then misbehaves.
func play(role string) {
	in := bufio.NewReader(os.Stdin)
	if role == "mute" {
		hang()
	}
	if role == "builtin" {
		if err := Serve(in, os.Stdout, props.Builtin()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		return
	}
	role, text, _ := strings.Cut(role, "=")
	line, err := readLine(in)
	if err != nil {
		return
	}
	if role == "hello" {
		fmt.Println(text)
	} else {
		fmt.Println(string(mustMarshal(answer(props.Builtin(), line))))
	}
	for {
		line, err := readLine(in)
		if err != nil && role == "stubborn" {
			hang()
		}
		if err != nil {
			return
		}
		misbehave(role, text, line)
	}
}

func misbehave(role, text string, line []byte) {
	q, err := parseRequest(line)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(4)
	}
	switch role {
	case "crash":
		fmt.Fprintln(os.Stderr, "Traceback: something\nbroke")
		os.Exit(3)
	case "crash-once": // text names a file that the first run leaves
		if _, err := os.Stat(text); err != nil {
			if err := os.WriteFile(text, nil, 0o600); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			os.Exit(3)
		}
		fmt.Println(string(mustMarshal(answer(props.Builtin(), line))))
	case "hang":
		hang()
	case "grandchild": // a child that survives and keeps the pipes
		cmd := exec.Command("sleep", "600")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(3)
	case "line": // text is printed as it is, with the request's id for ID
		fmt.Println(strings.ReplaceAll(text, "ID", fmt.Sprint(q.ID)))
	case "result":
		fmt.Printf("{\"id\": %d, \"result\": %s}\n", q.ID, text)
	case "flood": // far more than a pipe holds
		fmt.Fprint(os.Stderr, strings.Repeat("warning ", 1<<17))
		fmt.Println(string(mustMarshal(answer(props.Builtin(), line))))
	case "endless": // output that never ends a line
		fmt.Print(strings.Repeat("x", 1<<16))
		hang()
	}
}

// hang waits to be killed.
func hang() {
	time.Sleep(time.Hour)
}

func mustMarshal(r reply) []byte {
	text, err := marshalReply(r)
	if err != nil {
		panic(err)
	}
	return text
}

// startRole starts the test binary in a role.
func startRole(t *testing.T, role string, o Options) (*Subject, error) {
	t.Helper()
	t.Setenv(roleVariable, role)
	self, err := os.Executable()
	require.NoError(t, err)
	s, err := Start(context.Background(), []string{self}, o)
	if err == nil {
		t.Cleanup(s.Close)
	}
	return s, err
}

func mustStart(t *testing.T, role string, o Options) *Subject {
	t.Helper()
	s, err := startRole(t, role, o)
	require.NoError(t, err)
	return s
}

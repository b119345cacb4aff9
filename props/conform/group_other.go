//go:build !unix

package conform

import (
	"os/exec"
)

// Where there are no process groups the command alone is killed.
func ownGroup(*exec.Cmd) {}

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

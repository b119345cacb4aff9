//go:build unix

package conform

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the command in a process group of its own, so that its children
// end with it, also when the context ends.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		killGroup(cmd)
		return nil
	}
}

// killGroup kills the group; an error means that there is none any more.
func killGroup(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

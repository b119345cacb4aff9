//go:build !noasm

package kernel

import "golang.org/x/sys/cpu"

var (
	haveAVX2   = cpu.X86.HasAVX2 && cpu.X86.HasFMA
	haveAVX512 = haveAVX2 && cpu.X86.HasAVX512F
)

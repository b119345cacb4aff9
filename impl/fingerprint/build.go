package fingerprint

import (
	"runtime"
	"runtime/debug"

	"causalgrad/impl/internal/kernel"
)

// ThisBuild describes the running program.
func ThisBuild() Build {
	b := Build{Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, Assembly: len(kernel.Available()) > 1}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "GOAMD64", "GO386", "GOARM64":
				b.Level = s.Value
			case "-race":
				b.Race = s.Value == "true"
			}
		}
	}
	return b
}

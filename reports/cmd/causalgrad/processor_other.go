//go:build !unix

package main

import "time"

// processorTime is the wall's clock where the system does not tell this process's.
func processorTime() time.Time { return time.Now() }

// Package catalogue lists all laws and puts this project's own implementation
// together from its parts. A foreign implementation is asked the laws of package
// props alone.
package catalogue

import (
	"slices"

	"causalgrad/props"
	"causalgrad/props/implaws"
	"causalgrad/props/theorylaws"
)

// All lists every law: those of any implementation, then those of this project's
// own parts. It is the order of the tables.
func All() []props.Law { return slices.Concat(props.All(), theorylaws.All(), implaws.All()) }

// Find returns the law of that id.
func Find(id string) (props.Law, bool) { return props.FindIn(All(), id) }

// Builtin is this project's own implementation as a Subject. It has every
// capability and is safe for concurrent use.
func Builtin() props.Subject {
	return builtin{props.Builtin().(props.Complete), theorylaws.Builtin(), implaws.Builtin()}
}

type (
	theoryParts = theorylaws.Complete
	implParts   = implaws.Complete
)

type builtin struct {
	props.Complete
	theoryParts
	implParts
}

func (builtin) Can(props.Capability) bool { return true }

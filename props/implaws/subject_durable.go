package implaws

import "causalgrad/props"

// CanWrite is the capability of a Writer, in-process only.
const CanWrite props.Capability = "write"

// Writer writes files whole or not at all.
type Writer interface {
	// WriteWhole writes data to a file of that name, creating its folder. With
	// fresh set a file of that name must not exist: an error wraps fs.ErrExist.
	WriteWhole(name string, data []byte, fresh bool) error
	// CheckWritable tells whether WriteWhole, not fresh, could write the file. It
	// leaves nothing behind.
	CheckWritable(name string) error
}

package implaws

import "causalgrad/impl/durable"

var _ Writer = builtin{}

func (builtin) WriteWhole(name string, data []byte, fresh bool) error {
	if fresh {
		return durable.CreateFile(name, data)
	}
	return durable.WriteFile(name, data)
}

func (builtin) CheckWritable(name string) error { return durable.Check(name) }

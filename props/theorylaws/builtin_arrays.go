package theorylaws

import "causalgrad/theory/ndarray"

var _ ArrayReader = builtin{}

func (builtin) Arrays() Arrays {
	return Arrays{ReadNPY: ndarray.ReadNPY, Elements: ndarray.Elements}
}

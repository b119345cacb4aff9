package implaws

import "causalgrad/props"

// CanStoreWeights is the capability of a WeightStore; in-process only.
const CanStoreWeights props.Capability = "weights"

// WeightStore keeps a model's parameters in .npz and .safetensors files. Every
// refusal is one line that names the file, and the tensor where there is one.
type WeightStore interface {
	// WriteWeights writes the parameters of a model, whole or not at all.
	WriteWeights(name string, m props.ModelSpec, params []float64) error
	// ReadWeights reads a file and says what model it holds; eps is the reduced
	// model's, which no file holds.
	ReadWeights(name string, eps float64) (m props.ModelSpec, params []float64, err error)
	// CheckWeightsName reports whether a file of that name could be written.
	CheckWeightsName(name string) error
}

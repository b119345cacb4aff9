package fault

import (
	"errors"
	"math"
	"slices"
	"strings"

	"causalgrad/props"
	"causalgrad/props/implaws"
)

// weightsFaults are mistakes in the files of parameters.
func weightsFaults() []Fault {
	return []Fault{
		patch("weights-float32", "weights are written in single precision", func(v *variant) {
			v.writeWeights = func(s implaws.WeightStore, name string, m props.ModelSpec, params []float64) error {
				return s.WriteWeights(name, m, eachNumber(params, func(p float64) float64 { return single(p) }))
			}
		}, "weights-round-trip"),
		patch("weights-negative-zero", "written weights have 0 added: -0 becomes 0", func(v *variant) {
			v.writeWeights = func(s implaws.WeightStore, name string, m props.ModelSpec, params []float64) error {
				return s.WriteWeights(name, m, eachNumber(params, func(p float64) float64 { return p + 0 }))
			}
		}, "weights-names", "weights-round-trip"),
		patch("weights-sanitised", "a NaN is written as 0 instead of refused", func(v *variant) {
			v.writeWeights = func(s implaws.WeightStore, name string, m props.ModelSpec, params []float64) error {
				return s.WriteWeights(name, m, eachNumber(params, func(p float64) float64 {
					if p != p {
						return 0
					}
					return p
				}))
			}
		}, "weights-not-written"),
		patch("weights-last-lost", "the last parameter read is left at 0", func(v *variant) {
			v.readWeights = func(own weightsAnswer, err error) (weightsAnswer, error) {
				if err == nil {
					own.params = slices.Clone(own.params)
					own.params[len(own.params)-1] = 0
				}
				return own, err
			}
		}, "weights-round-trip", "weights-foreign"),
		patch("weights-eps-forgotten", "a reduced model is read with eps = 0", func(v *variant) {
			v.readWeights = func(own weightsAnswer, err error) (weightsAnswer, error) {
				own.spec.Eps = 0
				return own, err
			}
		}, "weights-round-trip"),
		tolerant("weights-truncated-read", "a file that ends early is read as zeros", "not a readable", "weights-truncated"),
		tolerant("weights-name-twice", "of two tensors of one name the last one counts", "two of that name", "weights-mistakes"),
		tolerant("weights-not-finite-read", "numbers that are not finite are read as zeros", "want finite numbers", "weights-mistakes"),
		tolerant("weights-type-guessed", "whole numbers are read as if they were floating-point ones", "type", "weights-mistakes"),
		tolerant("weights-checksum-ignored", "an archive's checksums are not looked at", "checksum", "weights-damaged"),
		patch("weights-error-anonymous", "an error does not name the file", func(v *variant) {
			v.readWeights = func(own weightsAnswer, err error) (weightsAnswer, error) {
				if err != nil {
					err = errors.New("bad weights")
				}
				return own, err
			}
		}, "weights-mistakes"),
	}
}

// tolerant is a reader that lets pass what is refused with a text.
func tolerant(id, description, text string, expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.readWeights = func(own weightsAnswer, err error) (weightsAnswer, error) {
			if err != nil && strings.Contains(err.Error(), text) {
				return weightsAnswer{props.ModelSpec{Kind: "reduced", Tokens: 2, Length: 3}, make([]float64, 13)}, nil
			}
			return own, err
		}
	}, expect...)
}

func eachNumber(values []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = f(v)
	}
	return out
}

// single rounds to single precision, what overflows to its largest number.
func single(p float64) float64 {
	return float64(float32(math.Max(math.Min(p, math.MaxFloat32), -math.MaxFloat32)))
}

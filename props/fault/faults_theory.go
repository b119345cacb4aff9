package fault

import (
	"slices"

	"causalgrad/props/fault/plain"
	"causalgrad/theory/graph"
)

// theoryFaults are mistakes in the stationary law, the chi-square information
// and the signal.
func theoryFaults() []Fault {
	return []Fault{
		slip(plain.StationaryUniform, "the stationary law is the uniform one, right only for doubly stochastic chains", inStationary, "stationary-balance"),
		slip(plain.StationaryTransposed, "the left and the right eigenvector are confused: the stationary law is that of the transposed chain", inStationary, "stationary-balance"),
		slip(plain.StationaryUnconverged, "the power iteration for the stationary law stops after 20 steps", inStationary, "stationary-exact"),
		slip(plain.StationaryFloat32, "the stationary law is stored in single precision", inStationary, "stationary-balance"),
		slip(plain.StationaryUnscaled, "the stationary law is scaled so that its first entry is 1 and is not normalised", inStationary, "stationary-balance"),
		slip(plain.StationaryShifted, "the stationary law is rotated by one token", inStationary, "stationary-balance"),

		slip(plain.InformationWithoutOne, "the chi-square information lacks its -1", inInformation, "information-definition"),
		slip(plain.InformationKullback, "the information is Kullback and Leibler's instead of chi-square", inInformation, "information-definition"),
		slip(plain.InformationByDistance, "siblings are treated as ancestor and descendant at the same distance", inInformation, "information-definition"),
		slip(plain.InformationStepLost, "the joint law uses one step too few towards the later position", inInformation, "information-definition"),
		slip(plain.InformationReversed, "the joint laws are those of the reversed chain", inInformation, "information-definition", "symmetric-information"),
		slip(plain.InformationUniformMean, "the marginals are taken to be uniform", inInformation, "information-definition"),
		slip(plain.InformationHalved, "the squared joint law is divided by one marginal only", inInformation, "information-definition"),
		slip(plain.SignalDividedByParent, "the signal divides by the parent's marginal instead of the child's", inInformation, "signal-definition"),
		slip(plain.SignalTransposed, "the signal uses the transposed transition matrix", inInformation, "signal-definition"),
		slip(plain.SignalNotCentred, "the product of the marginals is not subtracted in the signal", inInformation, "signal-definition"),
		slip(plain.SignalSelfTrace, "the signal of a position on itself is tr(pi), without the -1", inInformation, "self-signal"),
		slip(plain.SignalAcrossTrees, "positions in different trees are related as if all roots had one parent", inInformation, "signal-definition"),
		slip(plain.SignalParentShifted, "the parent index is off by one: row i holds the values of position i-1", inInformation, "signal-definition"),
		patch("information-mirrored", "signal and information are filled in above the diagonal", func(v *variant) {
			v.inform = func(own information, _ graph.Forest, _ [][]float64) (information, error) {
				return information{mirrored(own.signal), mirrored(own.chi2)}, nil
			}
		}, "lower-triangular"),
		patch("signal-by-length", "the signal is divided by the number of positions", func(v *variant) {
			v.inform = func(own information, f graph.Forest, _ [][]float64) (information, error) {
				scaled := clone(own.signal)
				for _, row := range scaled {
					for k := range row {
						row[k] /= float64(f.Positions())
					}
				}
				return information{scaled, own.chi2}, nil
			}
		}, "signal-definition", "prefix-of-a-forest"),
		patch("signal-token-skipped", "token 0 is taken for padding: a position's signal on itself leaves out pi[0][0]", func(v *variant) {
			v.inform = func(own information, _ graph.Forest, chain [][]float64) (information, error) {
				skipped := clone(own.signal)
				for i := range skipped {
					skipped[i][i] -= chain[0][0]
				}
				return information{skipped, own.chi2}, nil
			}
		}, "self-signal", "token-relabelling"),
		slip(plain.SignalFloat32, "the signal is rounded to single precision", inInformation, "signal-definition"),
	}
}

// firstStepFaults are mistakes in the exact first-step gradient.
func firstStepFaults() []Fault {
	return []Fault{
		slip(plain.StepRowFactorMissing, "the factor 1/i of row i is missing in the first-step gradient", inFirstStep, "first-step-definition"),
		slip(plain.StepMeanKept, "the row's mean is not subtracted in the first-step gradient", inFirstStep, "first-step-row-sums"),
		slip(plain.StepMeanTooShort, "the row's mean is taken over k < i instead of k <= i", inFirstStep, "first-step-definition"),
		slip(plain.StepFactorMissing, "the factor 1/S of the uniform last token is missing", inFirstStep, "first-step-definition"),
		slip(plain.StepEpsMisplaced, "eps is added to the ratio pi/muhat instead of to muhat", inFirstStep, "first-step-definition"),
		slip(plain.StepEpsIgnored, "eps is ignored in the first-step gradient", inFirstStep, "first-step-definition"),
		slip(plain.StepLastTokenLost, "the empirical frequencies leave out the last token", inFirstStep, "first-step-definition"),
		slip(plain.StepLastRowLost, "the last token's row of the first-step gradient is left at zero", inFirstStep, "first-step-definition"),
		slip(plain.StepFrequencyNotTaken, "muhat is not subtracted from the indicator in c_i", inFirstStep, "first-step-definition"),
		slip(plain.StepChainTransposed, "c_i reads pi[s][q] instead of pi[q][s]", inFirstStep, "first-step-definition"),
		slip(plain.StepRootsUniform, "the expectation draws roots uniformly instead of from mu", inFirstStep, "first-step-definition"),
		slip(plain.StepNegated, "the gradient is returned in place of the descent direction", inFirstStep, "first-step-definition"),
		slip(plain.StepTransposed, "rows and columns of the first-step gradient are exchanged", inFirstStep, "first-step-triangular"),
		slip(plain.StepLastFromChain, "the last token follows the chain instead of being uniform", inFirstStep, "first-step-definition"),
		slip(plain.StepTokenSkipped, "token 0 is taken for padding and left out of c_i", inFirstStep, "first-step-definition", "first-step-relabelling"),
		slip(plain.StepFloat32, "the first-step gradient is rounded to single precision", inFirstStep, "first-step-definition"),
	}
}

func clone(m [][]float64) [][]float64 {
	own := make([][]float64, len(m))
	for i, row := range m {
		own[i] = slices.Clone(row)
	}
	return own
}

// mirrored fills in the upper triangle of a square matrix.
func mirrored(m [][]float64) [][]float64 {
	full := clone(m)
	for i := range full {
		for k := range i {
			full[k][i] = full[i][k]
		}
	}
	return full
}

package fault

import (
	"slices"
	"strings"

	"causalgrad/props"
	"causalgrad/props/implaws"
)

// practiceHooks replace operations of the capabilities that surround a model in
// practice.
type practiceHooks struct {
	kernelHooks
	weightsHooks
	constructHooks
	trainHooks
	transferHooks
	excuse
}

// excuse is a refusal, by a word in it, that one capability's operations do not
// make: the answer is then an empty one.
type excuse struct {
	of   props.Capability
	word string
}

func (e excuse) covers(of props.Capability, err error) bool {
	return err != nil && of == e.of && strings.Contains(err.Error(), e.word)
}

func (e excuse) excuseTouched() []props.Capability {
	if e.of == "" {
		return nil
	}
	return []props.Capability{e.of}
}

// practical are the capabilities of practiceHooks.
var practical = []props.Capability{implaws.CanEvaluateDense, implaws.CanForceKernel, implaws.CanStoreWeights,
	implaws.CanConstruct, implaws.CanYardstick, implaws.CanSummarise,
	implaws.CanResume, implaws.CanStage, implaws.CanValidate, implaws.CanVary,
	implaws.CanTransfer, implaws.CanRound}

func (h practiceHooks) practiceTouched() []props.Capability {
	return slices.Concat(h.kernelTouched(), h.weightsTouched(), h.constructTouched(), h.trainTouched(), h.transferTouched(), h.excuseTouched())
}

// practiceFaults are the faults of these capabilities.
func practiceFaults() []Fault {
	return slices.Concat(denseFaults(), kernelFaults(), weightsFaults(), constructFaults(), lossesFaults(), resumeFaults(),
		transferFaults(), excuseFaults())
}

// excuseFaults are descriptions that are not checked.
func excuseFaults() []Fault {
	unchecked := func(id, description string, of props.Capability, word, law string) Fault {
		return patch(id, description, func(v *variant) { v.excuse = excuse{of, word} }, law)
	}
	return []Fault{
		unchecked("dense-any-model", "dense: a model without a dense variant gives an empty answer", implaws.CanEvaluateDense, "no dense variant", "dense-kinds"),
		unchecked("construct-without-evidence", "a graph without evidence has a construction", implaws.CanConstruct, "no position before the last", "construct-refusals"),
		unchecked("compare-alpha-unchecked", "a pseudo-count of 0 is taken", implaws.CanYardstick, "alpha = 0", "compare-refusals"),
		unchecked("losses-of-too-few", "one sequence is enough for a standard error", implaws.CanSummarise, "sequences", "losses-refusals"),
	}
}

package props

import "testing"

func FuzzTheoryLaws(f *testing.F)   { Fuzz(f, theoryLaws(), Builtin()) }
func FuzzEstimateLaws(f *testing.F) { Fuzz(f, append(estimateLaws(), measureLaws()...), Builtin()) }
func FuzzModelLaws(f *testing.F)    { Fuzz(f, modelLaws(), Builtin()) }
func FuzzTrainLaws(f *testing.F)    { Fuzz(f, append(optimLaws(), trainLaws()...), Builtin()) }

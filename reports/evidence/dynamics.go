package evidence

import "context"

// Dynamics is what is known exactly beyond the first step (theory/README.md,
// sections 8, 9 and 13), and training beside it.
type Dynamics struct {
	Stage1    Stage1
	EveryStep EveryStep
	Stage2    Stage2
	Unigram   Unigram
	Beta      []BetaCurve
}

// MeasureDynamics gathers all of it.
func MeasureDynamics(ctx context.Context, seed uint64) (d Dynamics, err error) {
	if d.Stage1, err = MeasureStage1(ctx, seed); err != nil {
		return d, err
	}
	if d.EveryStep, err = MeasureEveryStep(ctx); err != nil {
		return d, err
	}
	if d.Stage2, err = MeasureStage2(ctx, seed); err != nil {
		return d, err
	}
	if d.Unigram, err = MeasureUnigram(ctx); err != nil {
		return d, err
	}
	d.Beta, err = MeasureBeta(ctx, seed)
	return d, err
}

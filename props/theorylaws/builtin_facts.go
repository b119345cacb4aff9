package theorylaws

import (
	"causalgrad/theory/chisq"
	"causalgrad/theory/condition"
)

var _ FactStater = builtin{}

func (builtin) Facts() Facts {
	return Facts{
		EffectiveLength: condition.EffectiveLengthOf, Inequalities: condition.InequalitiesOf, MarginRatio: condition.MarginRatio,
		LeastMarginRatio: condition.LeastMarginRatio, TwoTokenSignal: condition.TwoTokenSignal, SelfMargin: condition.SelfMargin,
		Slopes: condition.Slopes, Average: chisq.Average, Margins: chisq.Margins, Smallest: chisq.Smallest,
	}
}

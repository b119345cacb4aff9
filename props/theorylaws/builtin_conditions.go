package theorylaws

import "causalgrad/theory/condition"

var _ ConditionChecker = builtin{}

func (builtin) Conditions() Conditions {
	return Conditions{Check: condition.CheckGraph, Statements: condition.Statements, Lookup: condition.Lookup, DefaultDraws: condition.DefaultDraws}
}

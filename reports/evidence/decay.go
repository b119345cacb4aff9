package evidence

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/golden/stat"
)

// Decay is how a quantity changes with T over a ladder: the local exponents
// between neighbouring lengths, and one power of T where the data allow it.
type Decay struct {
	Quantity string    `json:"quantity"`
	Of       string    `json:"of,omitempty"` // the prior, where there are several
	Lengths  []float64 `json:"lengths"`      // T, ascending
	Values   []float64 `json:"values"`       // means over the seeds
	// StdErr is nil for exact values; of one seed it is over the seed's sequences, of
	// several over the seeds.
	StdErr []float64            `json:"std_err,omitempty"`
	Seeds  int                  `json:"seeds"`
	Local  []stat.LocalExponent `json:"local"` // intervals joint at stat.RateConfidence
	// Power is the single power of T that the values follow within their noise; nil for
	// exact values, which are no power, and where the data reject it.
	Power *Power `json:"power,omitempty"`
	// P is that of the test of a single power; nil where there is no noise or are
	// too few lengths to test it.
	P        *float64 `json:"p,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// Power is a single power of T with its interval at stat.RateConfidence.
type Power struct {
	Exponent float64       `json:"exponent"`
	Interval stat.Interval `json:"interval"`
}

// Name is the quantity with its prior.
func (d Decay) Name() string {
	if d.Of == "" {
		return d.Quantity
	}
	return d.Quantity + ", " + d.Of
}

// exactDecay is that of values without noise.
func exactDecay(quantity, of string, lengths, values []float64) (Decay, error) {
	d := Decay{Quantity: quantity, Of: of, Lengths: lengths, Values: values, Seeds: 1}
	var err error
	d.Local, err = stat.LocalExponents(lengths, values, nil, stat.RateConfidence)
	return d, err
}

// newDecay is that of noisy values: values[s][i] and errs[s][i] are seed s's at
// lengths[i]. One seed's noise is that over its sequences, to which its own training
// adds; several seeds' is what lies between them.
func newDecay(quantity, of string, lengths []float64, values, errs [][]float64) (Decay, error) {
	d := Decay{Quantity: quantity, Of: of, Lengths: lengths, Seeds: len(values)}
	measure := d.severalSeeds
	if len(values) == 1 {
		measure = func([][]float64) error { return d.oneSeed(values[0], errs[0]) }
	}
	if err := measure(values); err != nil {
		return Decay{}, fmt.Errorf("%s: %w", d.Name(), err)
	}
	return d, nil
}

func (d *Decay) oneSeed(values, errs []float64) error {
	d.Values, d.StdErr = values, errs
	var err error
	if d.Local, err = stat.LocalExponents(d.Lengths, values, errs, stat.RateConfidence); err != nil {
		return err
	}
	power, err := stat.FitRate(d.Lengths, values, errs)
	if err != nil {
		return err
	}
	d.warn(power.Warnings)
	if power.Fit != nil {
		d.test(power.Fit.P, Power{power.Exponent, power.Interval})
	}
	return nil
}

func (d *Decay) severalSeeds(values [][]float64) error {
	for i, length := range d.Lengths {
		column := make([]float64, len(values))
		for s := range values {
			column[s] = values[s][i]
		}
		m, err := stat.MeanInterval(column, stat.RateConfidence)
		if err != nil {
			return fmt.Errorf("length T = %g: %w", length, err)
		}
		d.Values, d.StdErr = append(d.Values, m.Mean), append(d.StdErr, m.StdErr)
	}
	var err error
	if d.Local, err = stat.LocalExponentsOver(d.Lengths, values, stat.RateConfidence); err != nil {
		return err
	}
	if len(d.Lengths) < 3 {
		return nil
	}
	p, err := stat.SinglePower(d.Lengths, values)
	if err != nil {
		return err
	}
	var exponents []float64
	for _, own := range values {
		one, err := stat.FitRate(d.Lengths, own, nil)
		if err != nil {
			return err
		}
		exponents = append(exponents, one.Exponent)
	}
	m, err := stat.MeanInterval(exponents, stat.RateConfidence)
	if err != nil {
		return err
	}
	d.warn(m.Warnings)
	d.test(p, Power{m.Mean, m.Interval})
	return nil
}

// test keeps a power that the data do not reject.
func (d *Decay) test(p float64, power Power) {
	d.P = &p
	if p > 1-stat.RateConfidence {
		d.Power = &power
	}
}

// warn adds the warnings that are not there yet.
func (d *Decay) warn(warnings []string) {
	for _, w := range warnings {
		if !slices.Contains(d.Warnings, w) {
			d.Warnings = append(d.Warnings, w)
		}
	}
}

// Falls tells whether the quantity is shown to fall between all neighbouring
// lengths, jointly at stat.RateConfidence; exact values show themselves.
func (d Decay) Falls() bool {
	return len(d.Local) > 0 && !slices.ContainsFunc(d.Local, func(l stat.LocalExponent) bool {
		if l.Interval == nil {
			return !(l.Exponent < 0)
		}
		return !(l.Interval.Hi < 0)
	})
}

// Rises tells whether it is shown not to fall between some, likewise.
func (d Decay) Rises() bool {
	return slices.ContainsFunc(d.Local, func(l stat.LocalExponent) bool {
		if l.Interval == nil {
			return l.Exponent >= 0
		}
		return l.Interval.Lo >= 0
	})
}

// String is the local exponents, those of the shortest lengths first, with their
// standard errors, and what is known of a single power.
func (d Decay) String() string {
	var words []string
	for _, l := range d.Local {
		text := fmt.Sprintf("%.2f", l.Exponent)
		if l.Interval != nil {
			text += fmt.Sprintf(" ± %.2f", l.StdErr)
		}
		words = append(words, text)
	}
	text := fmt.Sprintf("local exponents %s from T = %g to %g", strings.Join(words, ", "), d.Lengths[0], d.Lengths[len(d.Lengths)-1])
	switch {
	case d.Power != nil:
		text += fmt.Sprintf("; a single power fits (P = %.2g): %.3f, %.0f%% interval [%.3f, %.3f]",
			*d.P, d.Power.Exponent, 100*stat.RateConfidence, d.Power.Interval.Lo, d.Power.Interval.Hi)
	case d.P != nil:
		text += fmt.Sprintf("; no single power (P = %.2g)", *d.P)
	}
	return text
}

package evidence

import (
	"fmt"
	"slices"

	"causalgrad/golden/runs"
	"causalgrad/reports/table"
)

// A step is claimed to be TargetOfficial times as fast as the official code's in each of
// OfficialConfigurations configurations.
const (
	TargetOfficial         = 30
	OfficialConfigurations = 3
)

// OfficialSpeed is a training step of 1024 fresh sequences, sampling included, of both
// codes on one machine, in alternating blocks. Ours has a start of the program in each
// block, theirs no compiling.
type OfficialSpeed struct {
	Configuration string
	Blocks        int // of each code
	CPU, Wall     SpeedRatio
	Load          float64 // the largest of any block
}

// SpeedRatio is what a step of either code takes, and how many times as fast ours is.
type SpeedRatio struct {
	Theirs, Ours       float64 // milliseconds, medians
	Times, Least, Most float64 // median and range over the pairs of neighbouring blocks
}

// OnTarget tells whether that is as fast as is claimed, in processor time and on the clock.
func (s OfficialSpeed) OnTarget() bool {
	return min(s.CPU.Times, s.Wall.Times) >= TargetOfficial
}

// OfficialSpeeds are the measured configurations, in the order of the file.
func OfficialSpeeds(o runs.Official) []OfficialSpeed {
	var all []OfficialSpeed
	for _, b := range o.Speed {
		if !slices.ContainsFunc(all, func(s OfficialSpeed) bool { return s.Configuration == b.Configuration }) {
			if s, ok := officialSpeed(o.Speed, b.Configuration); ok {
				all = append(all, s)
			}
		}
	}
	return all
}

func officialSpeed(blocks []runs.OfficialBlock, configuration string) (OfficialSpeed, bool) {
	s := OfficialSpeed{Configuration: configuration}
	var theirs, ours []runs.OfficialBlock
	for _, b := range blocks {
		switch {
		case b.Configuration != configuration:
			continue
		case b.Code == runs.OwnCode:
			ours = append(ours, b)
		default:
			theirs = append(theirs, b)
		}
		s.Load = max(s.Load, b.Load)
	}
	s.Blocks = min(len(theirs), len(ours)) // a stopped measurement may lack the last
	if s.Blocks == 0 {
		return s, false
	}
	s.CPU = ratio(theirs[:s.Blocks], ours[:s.Blocks], func(b runs.OfficialBlock) float64 { return b.CPU })
	s.Wall = ratio(theirs[:s.Blocks], ours[:s.Blocks], func(b runs.OfficialBlock) float64 { return b.Wall })
	return s, true
}

func ratio(theirs, ours []runs.OfficialBlock, seconds func(runs.OfficialBlock) float64) SpeedRatio {
	step := func(b runs.OfficialBlock) float64 { return 1000 * seconds(b) / float64(b.Steps) }
	var a, b, times []float64
	for i := range theirs {
		a, b = append(a, step(theirs[i])), append(b, step(ours[i]))
		times = append(times, a[i]/b[i])
	}
	return SpeedRatio{middle(a), middle(b), middle(times), slices.Min(times), slices.Max(times)}
}

// OfficialSpeedTable shows them.
func OfficialSpeedTable(o runs.Official, speeds []OfficialSpeed) table.Table {
	t := table.Table{ID: "speed-official", Title: "Time of one training step of 1024 fresh sequences beside the official code", Columns: []table.Column{
		{Name: "configuration"}, {Name: "blocks", Align: table.Right}, {Name: "time"}, {Name: "official, ms", Align: table.Right}, {Name: "ours, ms", Align: table.Right},
		{Name: "times as fast", Align: table.Right}, {Name: "range", Align: table.Right}, {Name: "load", Align: table.Right}, {Name: "verdict"}}}
	for _, s := range speeds {
		for _, r := range []struct {
			name string
			SpeedRatio
		}{{"processors", s.CPU}, {"clock", s.Wall}} {
			t.Add(table.Text(s.Configuration), table.Integer(s.Blocks), table.Text(r.name), table.Number(r.Theirs, 3), table.Number(r.Ours, 3), table.Fixed(r.Times, 0),
				table.Text(fmt.Sprintf("%.0f to %.0f", r.Least, r.Most)), table.Fixed(s.Load, 0), passed(r.Times >= TargetOfficial))
		}
	}
	t.Note(fmt.Sprintf("both codes on one machine in alternating blocks: %s; JAX %s; medians over blocks, times as fast: median and range over neighbouring blocks; sampling included, ours with a start of the program in each block, theirs without compiling; target: %d", o.Machine, o.Versions["jax"], TargetOfficial))
	t.Note("load: the most processes that ran or waited, a minute's mean; where it exceeds the processors, other work had its share of the clock, and processor time is the measure: make compare-official OFFICIAL=DIR ONLY=speed repeats it")
	return t
}

// middle is the median.
func middle(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	half := len(v) / 2
	if len(v)%2 == 1 {
		return v[half]
	}
	return (v[half-1] + v[half]) / 2
}

package claim

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/reports/evidence"
	"causalgrad/theory/verdict"
)

// unigramDistance is how near, relative to the limit, the last doubling of the
// unigram ladder must come; this project's choice.
const unigramDistance = 0.05

// dynamicsClaims are about everything after the first step (theory/README.md,
// sections 8, 9 and 13).
func dynamicsClaims() []Claim {
	const own = "this project's own (theory/README.md, section "
	return []Claim{
		{ID: "landscape", Statement: "To first order in A2 the gradients in A1 and in A2 are known exactly at every A1, and with them " +
			"every step of stage 1 in the limit of small beta0: they are the values enumerated elsewhere.",
			Where: own + "8)", Kind: Exact, Certainty: Derived, Command: "causalgrad verify dynamics_examples.json",
			Tables: []string{"agreement"}, judge: func(e Evidence) Finding { return agreement(e, "dynamics_examples") }},
		{ID: "stage-1-every-step", Statement: "Stage 1 finds every edge of the 20 published forests at every step, not the first " +
			"alone: each parent has the largest exact payoff of its row, so its attention never falls and tends to 1 at any rate.",
			Where: "theorem 1's proof (stage 1), in the limit of small beta0", Kind: Exact, Certainty: Derived,
			Caveat: "one orbit of chains of three tokens; rates and steps followed are those of the numbers, the rest is the " +
				"argument of theory/README.md, section 8",
			Command: "causalgrad dynamics --graph random --prior orbit:1,1 --steps 100", judge: judgeEveryStep},
		{ID: "stage-1-curve", Statement: fmt.Sprintf("Training follows the exact curve: with beta0 = %v the attention on every edge, "+
			"at every logged step, is the exact one within sampling error.", evidence.SmallBeta0),
			Where: own + "8)", Kind: Statistical, Certainty: Derived,
			Caveat: fmt.Sprintf("one graph and one prior; all intervals together miss with probability %v where it is "+
				"true", evidence.Stage1Error),
			Command: "causalgrad dynamics --graph chain --length 12 --prior orbit:1,7 --eps 0.001 --rate 1000 --beta0 0.1 --steps 60",
			Tables:  []string{"stage-1", "stage-1-ladder"}, Figures: []string{"stage-1"}, judge: judgeStage1Curve},
		{ID: "stage-2-identity", Statement: "Under A3 stage 2 is one number: the population gradient in A2 at A2 = beta I is exactly " +
			"a multiple of the identity and a constant, whatever A1; without A3 it is not.",
			Where: "theorem 1's proof (stage 2)", Kind: Certified, Certainty: Derived,
			Caveat: "rational arithmetic on random instances of two and three tokens; the general proof is in theory/README.md, " +
				"section 9",
			Command: "causalgrad necessity A3 --stage 2", Tables: []string{"stage-2", "stage-2-curve"}, Figures: []string{"stage-2-curve"}, judge: judgeStage2},
		{ID: "stage-2-noise", Statement: "What the runs of Algorithm 1 leave of A2 beside beta I and a constant is sampling noise, of " +
			"the size that the second moment of one sequence's gradient and the loss's curvature predict, at every length of the ladder.",
			Where: own + "9)", Kind: Statistical, Certainty: Derived,
			Caveat: "one task; linear in the noise; the moments are those of sampled sequences after one run's stage 1; of several " +
				"lengths all must agree, within two standard errors of the prediction and a joint interval over the seeds",
			Command: "causalgrad report", Tables: []string{"stage-2-noise"}, judge: judgeNoise},
		{ID: "unigram-point", Statement: fmt.Sprintf("The model that predicts token frequencies is nearly stationary: on the chain "+
			"graph T times the exact gradient in A2 grows by a known matrix times log T, approached to within "+
			"%g%%.", 100*unigramDistance),
			Where: own + "13)", Kind: Exact, Certainty: Derived,
			Caveat:  "one chain of three tokens, T up to 512",
			Command: "causalgrad report", Tables: []string{"unigram-point"}, judge: judgeUnigram},
		{ID: "plateau", Statement: fmt.Sprintf("The exact flow of attention and beta from the unigram point tells how training leaves it: where "+
			"its drift is positive, at least %g%% of the pairs of graphs leave in the order that it says; where it is negative the parents first lose "+
			"attention, as it says.", 100*plateauOrder),
			Where: own + "13)", Kind: Observed, Certainty: Derived,
			Caveat: fmt.Sprintf("how long a plateau lasts is not predicted: the flow knows no read-out, and the ratio of recorded to predicted is "+
				"no common factor; nor that runs with a negative drift leave at all, which it denies; %g%% is this project's choice, "+
				"made after looking, and a random graph has one seed", 100*plateauOrder),
			Command: "causalgrad report --all --records golden/runs/default --records " +
				"golden/runs/full", Tables: []string{"plateau"}, judge: judgePlateau},
	}
}

func judgeEveryStep(e Evidence) Finding {
	if e.Dynamics == nil || e.Dynamics.EveryStep.Edges == 0 {
		return notRun("exact payoffs of the published forests")
	}
	s := e.Dynamics.EveryStep
	return decide(s.Ahead == s.Edges && s.Fallen == 0 && s.Slow == 0,
		"%d of %d edges have the largest payoff, the smallest lead %.2g (of the gradient, times i); followed over 2000 steps at rate "+
			"x beta0 = 10, 1000 and 100000: %d attentions fell, %d stayed below 0.99 at the last",
		s.Ahead, s.Edges, s.Least, s.Fallen, s.Slow).short("%d of %d edges at every step", s.Ahead, s.Edges)
}

func judgeStage1Curve(e Evidence) Finding {
	if e.Dynamics == nil || e.Dynamics.Stage1.Entries == 0 {
		return notRun("stage 1 trained beside the exact curve")
	}
	s := e.Dynamics.Stage1
	var words []string
	for _, b := range s.Largest {
		words = append(words, fmt.Sprintf("at beta0 = %v the mean over seeds is within %.4f of it", b.Beta0, b.Distance))
	}
	return decide(s.Missed == 0, "%d of %d intervals over %d seeds miss; %s", s.Missed, s.Entries, s.Seeds, strings.Join(words, ", ")).
		short("%d of %d intervals miss", s.Missed, s.Entries)
}

func judgeStage2(e Evidence) Finding {
	if e.Dynamics == nil || e.Dynamics.Stage2.Instances == 0 {
		return notRun("exact gradients of stage 2")
	}
	s := e.Dynamics.Stage2
	found := s.Single.Spread != nil && s.Single.Spread.Sign() > 0 && s.KeepingA4.Spread != nil && s.KeepingA4.Spread.Sign() > 0
	if !found {
		return decide(false, "no counterexample without A3")
	}
	return decide(s.Unequal == 0, "distance exactly 0 in %d of %d instances with all relabelled copies, in %d with the chain alone; "+
		"without A3 %s on T = 3, with A4 kept %s",
		s.Instances-s.Unequal, s.Instances, s.Instances-s.Alone, s.Single.Spread.RatString(), s.KeepingA4.Spread.RatString()).
		short("exactly 0 in %d of %d instances", s.Instances-s.Unequal, s.Instances)
}

func judgeNoise(e Evidence) Finding {
	if len(e.Noise) == 0 {
		return notRun("recorded ladders of several seeds")
	}
	agree := 0
	var words []string
	for _, p := range e.Noise {
		if p.Agrees() {
			agree++
		}
		words = append(words, fmt.Sprintf("T = %d: predicted %.4f, recorded %.4f [%.4f, %.4f]", p.Length, p.Predicted, p.Recorded, p.Low, p.High))
	}
	return decide(agree == len(e.Noise), "%s", strings.Join(words, "; ")).short("at %d of %d lengths", agree, len(e.Noise))
}

func judgeUnigram(e Evidence) Finding {
	if e.Dynamics == nil || len(e.Dynamics.Unigram.Points) < 3 {
		return notRun("ladder of the unigram point")
	}
	points := e.Dynamics.Unigram.Points
	nearer := true
	for i, p := range points[2:] {
		nearer = nearer && p.Distance < points[i+1].Distance
	}
	last := points[len(points)-1]
	return decide(nearer && last.Distance <= unigramDistance, "norm %.6f at T = %d and %.6f at T = %d; per doubling T x gradient "+
		"grows by %.4f log 2, the limit is %.4f; %.1f%% from the limit matrix, nearer at every doubling",
		points[0].Norm, points[0].Length, last.Norm, last.Length, last.Growth, e.Dynamics.Unigram.Limit, 100*last.Distance).
		short("%.1f%% from the limit at T = %d", 100*last.Distance, last.Length)
}

// plateauOrder is the least share of pairs in the order of the flow.
const plateauOrder = 0.9

// plateauWords tells of each run how long it stayed, of one with several graphs from
// where to where.
func plateauWords(list []evidence.Plateau) []string {
	var words []string
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Seed > 0 && list[n].Run == list[0].Run && list[n].Steps == list[0].Steps {
			n++
		}
		own := list[:n]
		list = list[n:]
		if n == 1 {
			words = append(words, fmt.Sprintf("%s: %.0f steps, flow %.0f", own[0].Run, own[0].Recorded, own[0].Predicted))
			continue
		}
		compare := func(of func(p evidence.Plateau) float64) (least, most float64) {
			least, most = of(own[0]), of(own[0])
			for _, p := range own {
				least, most = min(least, of(p)), max(most, of(p))
			}
			return least, most
		}
		from, to := compare(func(p evidence.Plateau) float64 { return p.Recorded })
		low, high := compare(func(p evidence.Plateau) float64 { return p.Predicted })
		words = append(words, fmt.Sprintf("%s: %d graphs, %.0f to %.0f steps, flow %.0f to %.0f", own[0].Run, n, from, to, low, high))
	}
	return words
}

func judgePlateau(e Evidence) Finding {
	var escaping, falling []evidence.Plateau
	for _, p := range e.Plateaus {
		if math.IsNaN(p.Predicted) {
			falling = append(falling, p)
		} else {
			escaping = append(escaping, p)
		}
	}
	if len(escaping) == 0 && len(falling) == 0 {
		return notRun("records of runs that left the unigram point")
	}
	var f Finding
	least, most := math.Inf(1), 0.0
	ordered, pairs := 0, 0
	for i, p := range escaping {
		f.Records = append(f.Records, p.Records...)
		least, most = math.Min(least, p.Ratio()), math.Max(most, p.Ratio())
		for _, q := range escaping[:i] {
			if p.Steps == q.Steps && p.Predicted != q.Predicted {
				pairs++
				if (p.Predicted < q.Predicted) == (p.Recorded < q.Recorded) {
					ordered++
				}
			}
		}
	}
	words := plateauWords(escaping)
	if len(escaping) > 0 {
		words = append(words, fmt.Sprintf("%.2f to %.2f times as long as the flow says; %d of %d pairs of graphs in its order", least, most, ordered, pairs))
	}
	lost := 0
	for _, p := range falling {
		f.Records = append(f.Records, p.Records...)
		if p.Drift < 0 && p.Early < 0 {
			lost++
		}
	}
	if len(falling) > 0 {
		words = append(words, fmt.Sprintf("of %d graphs that the flow never leaves %d have a negative drift and lose attention "+
			"first", len(falling), lost))
	}
	f.Verdict, f.Numbers = verdict.Fails, strings.Join(words, "; ")
	if float64(ordered) >= plateauOrder*float64(pairs) && lost == len(falling) {
		f.Verdict = verdict.Holds
	}
	if f.Verdict == verdict.Holds && pairs == 0 {
		f.Verdict, f.Why = verdict.Undecided, "fewer than two plateaus"
	}
	return f.short("%d plateaus, %d of %d fall first", len(escaping), lost, len(falling))
}

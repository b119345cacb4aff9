package fingerprint

import (
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"causalgrad/impl/task"
)

// sampled is one sampler: a graph and a prior over tokens symbols.
type sampled struct {
	graph          string
	length, tokens int
	prior          string
}

func (s sampled) task() (task.Task, error) {
	g, err := graph.Parse(s.graph, s.length, 1)
	if err != nil {
		return nil, err
	}
	prior, err := markov.ParsePrior(s.prior, s.tokens)
	if err != nil {
		return nil, err
	}
	return task.New(g, prior)
}

// abreast covers sequences drawn side by side: long rows and short ones, and small shapes
// whose sums underflow.
func abreast() []part {
	var all []part
	for _, s := range []sampled{{"chain", 20, 10, "dirichlet:0.1"}, {"random", 12, 3, "dirichlet:0.005"}, {"random", 12, 19, "floor:0.3,0.1"}} {
		all = append(all, part{"abreast/" + s.graph + "/" + s.prior, func(d *digest, _ int) error {
			t, err := s.task()
			if err != nil {
				return err
			}
			a, batches := new(stream.Abreast), [stream.Width]*task.Batch{}
			for lane := range batches {
				a.Reset(lane, stream.Key{Seed: 3, Purpose: stream.Test, Shard: uint64(lane)})
				batches[lane] = task.NewBatch(50, s.length, s.tokens)
			}
			t.NewSampler().SampleAbreast(a, &batches)
			for _, b := range batches {
				d.batch(b)
			}
			return nil
		}})
	}
	return all
}

func (d *digest) batch(b *task.Batch) {
	for _, token := range b.Tokens {
		d.bits(uint64(token))
	}
	d.numbers(b.Targets...)
}

// samplers covers every family of priors, on a forest with several roots, and the
// DAG sampler.
func samplers() []part {
	var all []part
	for _, s := range []sampled{
		{"chain", 20, 3, "dirichlet:0.1"}, {"random", 20, 10, "dirichlet:1"}, {"icl", 21, 4, "floor:0.1,0.2"},
		{"random", 12, 3, "orbit:1,7"}, {"random", 12, 5, "sticky:0.9,1"}, {"random", 12, 5, "cyclic:0.9,1"},
		{"random", 12, 5, "near-deterministic:0.95,1"}, {"random", 12, 5, "rank-one:1"}, {"random", 12, 5, "reversible:1"},
		{"trigram-half", 32, 5, "dirichlet:0.1"},
	} {
		all = append(all, part{"sampler/" + s.graph + "/" + s.prior, func(d *digest, _ int) error {
			t, err := s.task()
			if err != nil {
				return err
			}
			b := task.NewBatch(50, s.length, s.tokens)
			t.NewSampler().Sample(stream.New(stream.Key{Seed: 3, Purpose: stream.Test}), b)
			d.batch(b)
			return nil
		}})
	}
	return all
}

// firstSteps covers the exact gradient of one chain and its mean over a prior,
// both exact and by Monte Carlo.
func firstSteps() []part {
	one := func(family string, length, tokens int, eps float64) part {
		return part{"gradient/" + family, func(d *digest, _ int) error {
			f, err := graph.Parse(family, length, 1)
			if err != nil {
				return err
			}
			c, err := markov.DrawChain(markov.Dirichlet{Size: tokens, Alpha: 0.5}, stream.Key{Seed: 4, Purpose: stream.Prior})
			if err != nil {
				return err
			}
			rows, err := firststep.Gradient(f.(graph.Forest), c, eps)
			d.matrix(rows)
			return err
		}}
	}
	mean := func(prior string, length int) part {
		return part{"gradient/mean/" + prior, func(d *digest, workers int) error {
			f, err := graph.Chain(length)
			if err != nil {
				return err
			}
			p, err := markov.ParsePrior(prior, 3)
			if err != nil {
				return err
			}
			e, err := firststep.Average(f, p, 0.01, firststep.Options{Draws: 50, Seed: 5, Workers: workers})
			d.matrix(e.Mean)
			d.matrix(e.StdErr)
			return err
		}}
	}
	return []part{one("chain", 20, 3, 0), one("random", 20, 4, 0.01), mean("orbit:1,1", 8), mean("dirichlet:1", 6)}
}

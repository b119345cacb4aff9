package fault

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"causalgrad/golden/stat"
	"causalgrad/impl/task"
	"causalgrad/props"
)

// drawn is a question to a sampler with the subject's answer. It has no right
// bits: what is compared is the means of its traits.
type drawn struct {
	spec task.Spec
	seed uint64
	got  *traits
}

// How sure it must be that the right sampler draws otherwise, and that a mistake
// does: of the mistakes too few should be called others.
const sure, likely = 1e-9, 1e-3

// draw is what s draws for the question. Another seed than the subject was given
// keeps the two independent where its stream is ours.
func (d drawn) draw(s props.Subject) (*traits, error) {
	b, err := s.(props.Sampler).Sample(d.spec, d.got.n, d.seed+1)
	if err != nil {
		return nil, err
	}
	return traitsOf(b)
}

// keepDrawn notes an answer of the sampler, of each task the last one.
func (w *Witness) keepDrawn(t task.Spec, seed uint64, b *task.Batch) {
	got, err := traitsOf(b)
	if err != nil {
		return
	}
	d := drawn{t, seed, got}
	want, err := d.draw(w.right)
	if err != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	wrong := got.differ(want, sure)
	kept := slices.DeleteFunc(w.drawn[wrong], func(old drawn) bool { return reflect.DeepEqual(old.spec, t) })
	kept = append(kept, d)
	w.drawn[wrong] = kept[max(0, len(kept)-maxKept):]
}

// sampler names every planted mistake that draws as the subject did, right samples
// included, as far as means tell. It is empty where nothing fits.
func (w *Witness) sampler() string {
	if len(w.drawn[true]) == 0 {
		return ""
	}
	var names []string
	asked, least := slices.Concat(w.drawn[true], w.drawn[false]), math.MaxInt
	for _, d := range asked {
		least = min(least, d.got.n)
	}
	for _, m := range All() {
		planted := m.Plant(w.right)
		unlike := func(d drawn) bool {
			want, err := d.draw(planted)
			return err != nil || d.got.differ(want, likely/float64(len(asked)))
		}
		if slices.Contains(m.in, props.CanSample) && !slices.ContainsFunc(asked, unlike) {
			names = append(names, m.ID+": "+m.Description)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("draws as with the known mistake %s (as far as means over %d sequences tell)", strings.Join(names, ", or "), least)
}

// traits are sums, and sums of squares, over n sequences of what a sampler's
// mistakes change: which tokens two positions have, the target's probability of
// each token, and with chains their entries.
type traits struct {
	n            int
	sum, squares []float64
	at           int // of the next trait of the sequence under way
}

// see adds one of the next few traits, the others of which are 0.
func (t *traits) see(which, of int, v float64) {
	t.sum[t.at+which] += v
	t.squares[t.at+which] += v * v
	t.at += of
}

func traitsOf(b *task.Batch) (*traits, error) {
	if len(b.Tokens) == 0 || int(slices.Max(b.Tokens)) >= b.S {
		return nil, fmt.Errorf("a batch of %d tokens, want some, all below %d", len(b.Tokens), b.S)
	}
	size := b.T*(b.T+1)/2*b.S*b.S + b.T*b.S + 2*b.S
	if b.Chains != nil {
		size += 3 * b.S * b.S
	}
	t := &traits{n: b.N, sum: make([]float64, size), squares: make([]float64, size)}
	for n := range b.N {
		t.at = 0
		x, y := b.Sequence(n), b.Target(n)
		for i, v := range x {
			t.see(int(v), b.S, y[v])
			for _, u := range x[:i+1] {
				t.see(int(u)*b.S+int(v), b.S*b.S, 1)
			}
		}
		for _, p := range y {
			t.see(0, 1, p)
			t.see(0, 1, p*p)
		}
		if b.Chains == nil {
			continue
		}
		c := b.Chain(n)
		for i, p := range c {
			t.see(0, 1, p)
			t.see(0, 1, p*p)
			t.see(0, 1, p*c[(i+b.S)%len(c)])
		}
	}
	return t, nil
}

// differ reports whether a mean differs, with the probability alpha of an error
// when the samplers are the same. Chains, which come last, are compared where both
// have them.
func (t *traits) differ(other *traits, alpha float64) bool {
	var got, want, stdErr []float64
	for i := range min(len(t.sum), len(other.sum)) {
		a, va := t.mean(i)
		b, vb := other.mean(i)
		s := math.Sqrt(va/float64(t.n) + vb/float64(other.n))
		if s == 0 && a != b {
			return true
		}
		if s > 0 {
			got, want, stdErr = append(got, a), append(want, b), append(stdErr, s)
		}
	}
	e, err := stat.ZTest(got, want, stdErr, alpha)
	return err == nil && e.Verdict == stat.Different
}

// mean is one trait's mean and variance.
func (t *traits) mean(i int) (mean, variance float64) {
	mean = t.sum[i] / float64(t.n)
	return mean, max(t.squares[i]/float64(t.n)-mean*mean, 0)
}

package weights

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/theory/userfile"
)

// arrange picks the model's tensors out of a file's and gives them the names
// and shapes of the package comment.
func (o ReadOptions) arrange(tensors []Tensor) ([]Tensor, []string, error) {
	tensors, err := o.withoutIgnored(tensors)
	if err != nil {
		return nil, nil, err
	}
	tensors, notes, err := o.withoutPrefix(tensors)
	if err != nil {
		return nil, nil, err
	}
	if ordered := positional(tensors); ordered != nil {
		if tensors, err = byPosition(ordered); err != nil {
			return nil, nil, err
		}
		notes = append(notes, "arr_0, arr_1, ... are read in the order of the official model: "+namesOf(tensors))
	}
	tensors = splitHeads(tensors)
	sortByName(tensors)
	for i := range tensors[min(1, len(tensors)):] {
		if tensors[i].Name == tensors[i+1].Name {
			return nil, nil, fmt.Errorf("tensor %q: the file has two of that name", userfile.Printable(tensors[i].Name))
		}
	}
	return tensors, notes, nil
}

func (o ReadOptions) withoutIgnored(tensors []Tensor) ([]Tensor, error) {
	for _, name := range o.Ignore {
		if !slices.ContainsFunc(tensors, func(t Tensor) bool { return t.Name == name }) {
			return nil, fmt.Errorf("--ignore %s: the file has no such tensor, but %s", userfile.Printable(name), namesOf(tensors))
		}
	}
	return slices.DeleteFunc(tensors, func(t Tensor) bool { return slices.Contains(o.Ignore, t.Name) }), nil
}

// withoutPrefix takes the prefix off, the one that all names share where none is
// given, and makes the names plain.
func (o ReadOptions) withoutPrefix(tensors []Tensor) ([]Tensor, []string, error) {
	var notes []string
	prefix := o.Prefix
	if prefix == "" {
		if prefix = shared(tensors); prefix != "" {
			notes = append(notes, fmt.Sprintf("the prefix %q is taken off all names", userfile.Printable(prefix)))
		}
	}
	var kept, left []Tensor
	for _, t := range tensors {
		rest, ok := strings.CutPrefix(t.Name, prefix)
		if !ok {
			left = append(left, t)
			continue
		}
		t.Name = plain(rest)
		kept = append(kept, t)
	}
	if len(kept) == 0 && len(tensors) > 0 {
		return nil, nil, fmt.Errorf("--prefix %s: no tensor begins so: %s", userfile.Printable(prefix), namesOf(tensors))
	}
	if len(left) > 0 {
		notes = append(notes, fmt.Sprintf("left out, without the prefix %s: %s", userfile.Printable(prefix), namesOf(left)))
	}
	return kept, notes, nil
}

// shared is the longest "a.b." with which all names begin.
func shared(tensors []Tensor) string {
	if len(tensors) < 2 {
		return ""
	}
	prefix := tensors[0].Name
	for _, t := range tensors {
		for !strings.HasPrefix(t.Name, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	prefix = prefix[:strings.LastIndexAny(prefix, "./")+1]
	// A.0 and A.1 share what is a part of their names.
	if block.MatchString(plain(tensors[0].Name)) {
		return ""
	}
	return prefix
}

// block is a plain name of a tensor.
var block = regexp.MustCompile(`^(A\d+(\.\d+)?|V\d+|mlp\d+\.(W|b)[01]|W|wte|wpe)$`)

// spellings are how trees of JAX, flax and PyTorch spell plain names.
var spellings = []struct {
	spelling *regexp.Regexp
	plain    string
}{
	{regexp.MustCompile(`^A[._](\d+)$`), "A$1"},
	{regexp.MustCompile(`^A[._]?(\d+)[._](\d+)$`), "A$1.$2"},
	{regexp.MustCompile(`^V[._](\d+)$`), "V$1"},
	{regexp.MustCompile(`^mlps?[._]?(\d+)[._](?:layers[._]?)?(\d)[._](W|b)$`), "mlp$1.$3$2"},
}

// plain spells a name as the package comment does: A[0], .A.0 and A/0 are A0.
func plain(name string) string {
	spelled := strings.Trim(strings.NewReplacer("/", ".", "[", ".", "]", "", "'", "", `"`, "", "..", ".").Replace(name), ".")
	for _, s := range spellings {
		if s.spelling.MatchString(spelled) {
			return s.spelling.ReplaceAllString(spelled, s.plain)
		}
	}
	if block.MatchString(spelled) {
		return spelled
	}
	return name
}

// positional sorts arr_0, arr_1, ..., as numpy.savez names what has no name; nil
// where other names occur.
func positional(tensors []Tensor) []Tensor {
	ordered := make([]Tensor, len(tensors))
	for _, t := range tensors {
		n, err := strconv.Atoi(strings.TrimPrefix(t.Name, "arr_"))
		if !strings.HasPrefix(t.Name, "arr_") || err != nil || n < 0 || n >= len(ordered) || ordered[n].Name != "" {
			return nil
		}
		ordered[n] = t
	}
	return ordered
}

// byPosition names the leaves of the official models in the order of JAX: A of
// every layer, W; or A and V of every layer, W, the weights and biases of both
// linear maps of every layer, wpe and wte. Shapes are checked later, by name.
func byPosition(list []Tensor) ([]Tensor, error) {
	layers := 0
	for layers < len(list) && len(list[layers].Shape) == 3 {
		layers++
	}
	var names []string
	for l := range layers {
		names = append(names, fmt.Sprintf("A%d", l))
	}
	if len(list) != layers+1 {
		for l := range layers {
			names = append(names, fmt.Sprintf("V%d", l))
		}
	}
	names = append(names, "W")
	if len(list) != layers+1 {
		for l := range layers {
			names = append(names, fmt.Sprintf("mlp%d.W0", l), fmt.Sprintf("mlp%d.b0", l), fmt.Sprintf("mlp%d.W1", l), fmt.Sprintf("mlp%d.b1", l))
		}
		names = append(names, "wpe", "wte")
	}
	if layers == 0 || len(names) != len(list) {
		return nil, fmt.Errorf("%d tensors without names, %d of them (heads, d, d): want those of the official model, A of every layer and W: "+
			"np.savez(FILE, *A, W)", len(list), layers)
	}
	for i, name := range names {
		list[i].Name = name
	}
	if n := len(list); len(list) != layers+1 && slices.Equal(list[n-2].Shape, list[n-1].Shape) {
		return nil, fmt.Errorf("two tensors without names of shape %v: the embeddings of positions and of tokens cannot be told apart; name "+
			"them wpe and wte", list[n-1].Shape)
	}
	return list, nil
}

// splitHeads makes A{l}.0, A{l}.1, ... of an A{l} of shape (heads, d, d), and of
// a disentangled model's A{l} of one head; a transformer has one head a layer
// and keeps A{l}.
func splitHeads(tensors []Tensor) []Tensor {
	has := func(name string) bool {
		return slices.ContainsFunc(tensors, func(t Tensor) bool { return t.Name == name })
	}
	transformer, readOut := has("wte"), has("W")
	var out []Tensor
	for _, t := range tensors {
		layer, isLayer := strings.CutPrefix(t.Name, "A")
		_, err := strconv.Atoi(layer)
		switch {
		case !isLayer || err != nil || !readOut:
			out = append(out, t)
		case len(t.Shape) == 3 && transformer && t.Shape[0] == 1:
			out = append(out, Tensor{t.Name, t.Shape[1:], t.Data})
		case len(t.Shape) == 3 && !transformer:
			size := t.Shape[1] * t.Shape[2]
			for h := range t.Shape[0] {
				out = append(out, Tensor{fmt.Sprintf("%s.%d", t.Name, h), t.Shape[1:], t.Data[h*size : (h+1)*size]})
			}
		case len(t.Shape) == 2 && !transformer:
			out = append(out, Tensor{t.Name + ".0", t.Shape, t.Data})
		default:
			out = append(out, t)
		}
	}
	return out
}

// official gives the tensors of m.Layout() the shapes of the official code: heads
// of a layer in one tensor, vectors without a first axis. The reduced model is
// not official and stays as it is.
func official(m model.Model, tensors []Tensor) []Tensor {
	var out []Tensor
	for _, t := range tensors {
		layer, head, split := strings.Cut(t.Name, ".")
		switch {
		case m.Name() == "reduced":
			out = append(out, t)
		case split && strings.HasPrefix(layer, "A") && head != "0":
			last := &out[len(out)-1]
			last.Shape[0]++
			last.Data = append(slices.Clone(last.Data), t.Data...)
		case strings.HasPrefix(layer, "A"):
			out = append(out, Tensor{layer, append([]int{1}, t.Shape...), t.Data})
		case t.Shape[0] == 1:
			out = append(out, Tensor{t.Name, t.Shape[1:], t.Data})
		default:
			out = append(out, t)
		}
	}
	return out
}

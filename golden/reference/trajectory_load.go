package reference

import "causalgrad/theory/graph"

// maxShifted bounds the number of shifted test sets: each is sampled anew.
const maxShifted = 64

func loadTrajectory(n node, o origin) File {
	// log_S, sample_chunk, train_wall_s, dtype and versions describe the run and are not used.
	n.object("name", "vocab_size", "seq_len", "heads", "dag", "alpha", "optimizer", "lr", "lr_schedule", "wd",
		"batch", "steps", "n_test", "dtype", "seed", "bayes_official", "bayes_nowrap", "entropy_y", "log_S",
		"sample_chunk", "train_wall_s", "trajectory", "train_loss_every64", "final_test_loss", "edges",
		"A1_pos_softmax", "A1_avg_attention_4096_test_seqs", "final_mean_sup_err", "final_pred_argmax_acc",
		"ood", "final_params", "versions")
	tokens, length := n.sizes()
	t := &Trajectory{origin: o,
		Architecture: Architecture{CatFormer, tokens, length, n.heads()},
		Problem:      n.checked(Problem{tokens, length, n.graph("", length), n.field("alpha").alpha()}),
		RunName:      n.field("name").text(),
		Optimizer:    n.field("optimizer").text(),
		LR:           n.field("lr").number(),
		Decay:        n.field("wd").number(),
		Schedule:     n.field("lr_schedule").text(),
		Batch:        n.field("batch").integer(1, 1<<30),
		Steps:        n.field("steps").integer(1, 1<<30),
		Seed:         n.field("seed").integer(0, 1<<30),
	}
	if n.field("final_params").has("wte") {
		t.Model = Transformer
	}
	n.checkHeads(t.Architecture)
	t.Params = n.field("final_params").params(t.Architecture)
	n.measurements(t)
	t.ignored = n.ignored
	return t
}

// measurements reads what was measured during and after the run.
func (n node) measurements(t *Trajectory) {
	for _, e := range n.field("trajectory").some() {
		t.Checkpoints = append(t.Checkpoints, e.checkpoint(t.Steps))
	}
	for _, e := range n.field("train_loss_every64").list(-1) {
		if pair := e.list(2); len(pair) == 2 {
			t.TrainLoss = append(t.TrainLoss, StepLoss{pair[0].integer(0, t.Steps), pair[1].number()})
		}
	}
	t.Test = Evaluation{
		Alpha:    t.Problem.Alpha,
		N:        n.field("n_test").integer(2, 1<<30),
		Loss:     n.field("final_test_loss").number(),
		Official: n.field("bayes_official").number(),
		Count:    n.field("bayes_nowrap").number(),
		Entropy:  n.field("entropy_y").number(),
		SupError: n.field("final_mean_sup_err").share(),
		Accuracy: n.field("final_pred_argmax_acc").share(),
	}
	shifted := n.field("ood").list(-1)
	if len(shifted) > maxShifted {
		n.field("ood").fail("at most %d entries", maxShifted)
	}
	for _, e := range shifted {
		t.Shifted = append(t.Shifted, e.shifted())
	}
	t.PositionSoftmax = n.field("A1_pos_softmax").triangles(t.Heads, t.Length)
	t.MeanAttention = n.field("A1_avg_attention_4096_test_seqs").triangles(t.Heads, t.Length)
	if f, ok := t.Problem.Graph.(graph.Forest); ok && n.err == nil {
		edges := n.field("edges")
		edges.object("posblock", "avg_attn")
		t.Position = edges.field("posblock").edgeSummary(f)
		t.Attention = edges.field("avg_attn").edgeSummary(f)
	}
}

func (n node) checkpoint(steps int) Checkpoint {
	n.object("step", "test_loss", "posblock", "avg_attn")
	summary := func(n node) EdgeSummary {
		n.object("edge_mean", "argmax_acc")
		return EdgeSummary{Mean: n.field("edge_mean").share(), Argmax: n.field("argmax_acc").share()}
	}
	return Checkpoint{n.field("step").integer(0, steps), n.field("test_loss").number(),
		summary(n.field("posblock")), summary(n.field("avg_attn"))}
}

func (n node) edgeSummary(f graph.Forest) EdgeSummary {
	n.object("edge_mean", "edge_min", "argmax_acc", "edges", "edge_weights")
	edges := f.Edges()
	s := EdgeSummary{
		Mean:     n.field("edge_mean").share(),
		Min:      n.field("edge_min").share(),
		Argmax:   n.field("argmax_acc").share(),
		Children: n.field("edges").integers(len(edges), 0, f.Positions()-1),
		Weights:  n.field("edge_weights").vector(len(edges)),
	}
	for i, child := range s.Children {
		if child != edges[i].Child {
			n.field("edges").at(i).fail("%d, the child of the dag's edge", edges[i].Child)
		}
	}
	return s
}

func (n node) shifted() Shifted {
	n.object("alpha", "n", "test_loss", "bayes_official", "bayes_nowrap", "entropy_y", "mean_sup_err_model",
		"pred_argmax_acc", "mean_sup_err_bayes_nowrap", "bayes_nowrap_with_train_alpha")
	return Shifted{
		Evaluation: Evaluation{
			Alpha:    n.field("alpha").alpha(),
			N:        n.field("n").integer(2, 1<<30),
			Loss:     n.field("test_loss").number(),
			Official: n.field("bayes_official").number(),
			Count:    n.field("bayes_nowrap").number(),
			Entropy:  n.field("entropy_y").number(),
			SupError: n.field("mean_sup_err_model").share(),
			Accuracy: n.field("pred_argmax_acc").share(),
		},
		CountSupError: n.field("mean_sup_err_bayes_nowrap").share(),
		TrainAlpha:    n.field("bayes_nowrap_with_train_alpha").number(),
	}
}

// triangles reads one length x length matrix for each head of the first layer.
func (n node) triangles(heads []int, length int) [][]float64 {
	if n.err != nil {
		return nil
	}
	var list [][]float64
	for _, e := range n.list(heads[0]) {
		list = append(list, e.flat(length, length))
	}
	return list
}

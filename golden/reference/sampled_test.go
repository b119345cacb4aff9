package reference

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryStatisticalRowCanFail shifts one official mean by the row's margin:
// the row must not pass, and rows that do not use the mean must.
func TestEveryStatisticalRowCanFail(t *testing.T) {
	o := Options{Sequences: 1024}
	base := open(t, "traj_chain.json").check(t, o)
	require.Empty(t, failed(base))
	for _, c := range []struct {
		path string
		rows []string // the first is the one whose margin is taken
	}{
		{"ood.1.test_loss", []string{"loss of the final parameters", "loss minus irreducible loss", "loss minus count estimator's"}},
		{"ood.2.entropy_y", []string{"irreducible loss", "loss minus irreducible loss", "count estimator's loss minus irreducible"}},
		{"ood.0.bayes_nowrap", []string{"count estimator's loss", "loss minus count estimator's",
			"count estimator's loss minus irreducible", "official wrap: loss minus count estimator's"}},
		{"bayes_official", []string{"official wrap: loss minus count estimator's"}},
		{"ood.3.bayes_nowrap_with_train_alpha", []string{"count estimator's loss at the training alpha"}},
		{"final_mean_sup_err", []string{"sup error"}},
		{"ood.1.mean_sup_err_bayes_nowrap", []string{"count estimator's sup error"}},
		{"ood.2.pred_argmax_acc", []string{"share of right argmax predictions"}},
		{"A1_avg_attention_4096_test_seqs.0.12.4", []string{"mean attention on data"}},
	} {
		d := open(t, "traj_chain.json")
		d.add(t, c.path, find(t, base, c.rows[0]).Tolerance)
		got := failed(d.check(t, o))
		require.ElementsMatch(t, c.rows, got, c.path)
	}
}

// TestOtherTasksAndModels makes training-run files of our own, of kinds that do
// not ship: several parents with two heads, and the transformer. The official
// side is sampled with another seed.
func TestOtherTasksAndModels(t *testing.T) {
	for _, c := range []struct {
		run         ownRun
		information []string // rows that only inform
	}{
		{ownRun{Architecture{CatFormer, 3, 6, []int{2, 1}}, severalParents, "adamw"},
			[]string{"first checkpoint: loss log S, uniform attention", "training losses and checkpoints between first and last"}},
		{ownRun{Architecture{Transformer, 3, 6, []int{1, 1}}, oneParent, "adamw"},
			[]string{"training losses and checkpoints between first and last", "position-block attention", "first checkpoint: loss log S, uniform attention"}},
	} {
		data := c.run.file(t, 5)
		file, err := Parse("own.json", data)
		require.NoError(t, err)
		require.Empty(t, file.Ignored())
		r, err := Check(file, Options{Sequences: 2048})
		require.NoError(t, err)
		require.Empty(t, failed(r), "%+v", r.Failures())
		var information []string
		for _, row := range r.Rows {
			if row.Tier == Information {
				information = append(information, row.Quantity)
			}
		}
		require.ElementsMatch(t, c.information, information)
	}
}

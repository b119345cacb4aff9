package sweep

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

func TestPaceInWords(t *testing.T) {
	require.Equal(t, "0.4 a minute, 5m0s left", Pace{Ended: 4, Seconds: 600, Open: 2}.String())
	require.Equal(t, "12000 a minute, 0s left", Pace{Ended: 200, Seconds: 1, Open: 1}.String())
	require.Equal(t, "the rate is not known yet", Pace{Seconds: 1, Open: 1}.String())
	require.Equal(t, "the rate is not known yet", Pace{Ended: 1, Seconds: -1, Open: 1}.String())
}

// Of five cells one ended before the submission and three after it, one of them begun
// before. All times are the test's.
func TestThePaceOfASlurmSweepCountsFromItsFirstCell(t *testing.T) {
	g := load(t, tinyGrid)
	cells := g.Cells[:5]
	store, records := openStore(t)
	submitted := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	now := submitted.Add(10 * time.Hour)
	pace := func() *Pace {
		t.Helper()
		all, err := Survey(store, cells)
		require.NoError(t, err)
		MarkQueued(cells, all, map[string]bool{cells[4].Hash: true})
		p, err := SlurmPace(store, records, cells, all, now)
		require.NoError(t, err)
		return p
	}
	put := func(c Cell, end time.Time, took time.Duration) {
		t.Helper()
		r, params, err := experiment.Run(t.Context(), c.Spec, experiment.Options{Workers: 1})
		require.NoError(t, err)
		r.Provenance.WallSeconds = took.Seconds()
		require.NoError(t, store.Put(r, params))
		require.NoError(t, os.Chtimes(filepath.Join(records, DefaultID+"-"+c.Hash[:12]+".json"), end, end))
	}
	put(cells[0], submitted.Add(-time.Hour), time.Hour)
	require.Nil(t, pace(), "nothing was submitted")

	for _, s := range []struct {
		folder string
		at     time.Time
	}{{"001", submitted.Add(-2 * time.Hour)}, {"002", submitted}} {
		name := filepath.Join(records, "slurm", s.folder, jobsFile)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o750))
		require.NoError(t, os.WriteFile(name, nil, 0o600))
		require.NoError(t, os.Chtimes(name, s.at, s.at))
	}
	require.Equal(t, &Pace{Open: 1}, pace(), "no cell has ended since")
	put(cells[1], submitted.Add(8*time.Hour), 2*time.Hour)
	put(cells[2], submitted.Add(9*time.Hour), 2*time.Hour)
	require.Equal(t, &Pace{Ended: 2, Seconds: 4 * 3600, Open: 1}, pace(), "all waited for six hours")
	put(cells[3], submitted.Add(9*time.Hour), 20*time.Hour)
	require.Equal(t, &Pace{Ended: 3, Seconds: 10 * 3600, Open: 1}, pace(), "a cell that went on from its checkpoint")
	put(cells[4], now, time.Hour)
	require.Nil(t, pace(), "nothing is left")
}

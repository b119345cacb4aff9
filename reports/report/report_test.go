package report

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/reports/claim"
	"causalgrad/reports/manifest"
	"causalgrad/reports/page"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// trained are two runs of milliseconds under the names of quick runs.
func trained(t *testing.T) []Run {
	t.Helper()
	specs, err := runs.Quick()
	require.NoError(t, err)
	specs = specs[:2]
	for i := range specs {
		specs[i].Steps, specs[i].Batch, specs[i].TestSequences = 2, 32, 300
	}
	all, err := Train(t.Context(), specs, experiment.Parallel{})
	require.NoError(t, err)
	return all
}

// savedReport is a small report in a folder of its own.
func savedReport(t *testing.T, all []Run) (folder string, r Report) {
	t.Helper()
	folder = t.TempDir()
	return folder, save(t, folder, all)
}

func save(t *testing.T, folder string, all []Run) Report {
	t.Helper()
	g, err := Gather(t.Context(), Plan{Seed: 1}, all, nil)
	require.NoError(t, err)
	m, err := manifest.New()
	require.NoError(t, err)
	m.WallSeconds = 1.5
	r, err := Build(g, m)
	require.NoError(t, err)
	require.NoError(t, r.Write(folder))
	return r
}

// differing are the names of the files that Check finds, each once.
func differing(t *testing.T, folder string) []string {
	t.Helper()
	differences, files, err := Check(t.Context(), folder, nil)
	require.NoError(t, err)
	require.Positive(t, files)
	require.NoError(t, CheckTable(folder, differences, files).Check())
	var names []string
	for _, d := range differences {
		if len(names) == 0 || names[len(names)-1] != d.Path {
			names = append(names, d.Path)
		}
	}
	return names
}

func TestSavedReportIsWhatItsRecordsGive(t *testing.T) {
	all := trained(t)
	folder, r := savedReport(t, all)
	require.Empty(t, differing(t, folder))

	document, err := os.ReadFile(filepath.Join(folder, PageName))
	require.NoError(t, err)
	require.Equal(t, r.Page(), document)
	for _, j := range r.Claims {
		require.Contains(t, string(document), `id="claim-`+j.ID+`"`)
	}
	for _, id := range []string{"first-step", "losses-chain", "losses-icl", "edges-chain", "weights-chain", "shifted-chain"} {
		require.Contains(t, string(document), `id="figure-`+id+`"`)
		data, err := os.ReadFile(filepath.Join(folder, "figures", id+".png"))
		require.NoError(t, err)
		_, err = png.Decode(bytes.NewReader(data))
		require.NoError(t, err, id)
	}
	m, err := manifest.Load(folder)
	require.NoError(t, err)
	require.Equal(t, []uint64{1}, m.Seeds)
	require.Len(t, m.Specs, 2)
	require.NotEmpty(t, m.Goldens)
	files, err := manifest.Hash(os.DirFS(folder))
	require.NoError(t, err)
	require.Equal(t, files, m.Files, "the manifest lists every file")

	name, err := all[0].name()
	require.NoError(t, err)
	facts, err := Gathered{}.provenance(claim.Judged{Finding: claim.Finding{Verdict: verdict.Holds, Records: []experiment.Record{all[0].Record}}})
	require.NoError(t, err)
	require.Equal(t, []page.Fact{{Name: "records", Value: name + " (weights " + all[0].Record.WeightsHash[:12] + ")"}}, facts, "a claim's own provenance")
	again, err := LoadRuns(filepath.Join(folder, "records"))
	require.NoError(t, err)
	require.Equal(t, all, again)

	// A byte that differs anywhere is found and named, and so is what was added.
	undo := map[string][]byte{} // order does not matter
	for _, name := range []string{"tables/losses.csv", "index.html"} {
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		require.NoError(t, err)
		undo[name] = bytes.Clone(data)
		data[len(data)/2] ^= 1
		require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), data, 0o644))
	}
	stray := filepath.Join(folder, "tables", "mine.txt")
	require.NoError(t, os.WriteFile(stray, nil, 0o644))
	require.Subset(t, differing(t, folder), []string{"index.html", "tables/losses.csv", "tables/mine.txt"})
	require.NoError(t, os.Remove(stray))
	for name, data := range undo {
		require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), data, 0o644))
	}
	// A forged record, its checksum right and its hash in the manifest, shows in
	// every table that it feeds.
	forged := all[0]
	forged.Record.Final.Loss.Value -= 0.1
	forgery, err := forged.files()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.FromSlash(forgery[0].path)), forgery[0].data, 0o644))
	for i, f := range m.Files {
		if f.Path == forgery[0].path {
			m.Files[i] = manifest.Describe(f.Path, forgery[0].data)
		}
	}
	require.NoError(t, m.Save(folder))
	names := differing(t, folder)
	require.NotContains(t, names, forgery[0].path)
	require.Subset(t, names, []string{"tables/losses.csv", "tables/losses.txt", "index.html"})
}

// A second report in the folder leaves nothing of the first that it has not
// itself, and nobody else's files are touched.
func TestOlderReportGoes(t *testing.T) {
	all := trained(t)
	folder, _ := savedReport(t, all)
	mine := filepath.Join(folder, "tables", "mine.txt")
	require.NoError(t, os.WriteFile(mine, []byte("mine"), 0o644))
	save(t, folder, all[1:])
	require.NoFileExists(t, filepath.Join(folder, "figures", "losses-chain.svg"))
	require.FileExists(t, mine)
	name, err := all[0].name()
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(folder, "records", name+".json"), "records stay")
}

func TestLoadRunsRefuses(t *testing.T) {
	all := trained(t)
	files, err := all[0].files()
	require.NoError(t, err)
	record, weights := files[0].data, files[1].data
	for _, c := range []struct {
		want  string
		files map[string][]byte
	}{
		{"no record", map[string][]byte{"notes.txt": []byte("x")}},
		{"a.json: not a record", map[string][]byte{"a.json": []byte(`{"schema":"other"}`)}},
		{"a.json: damaged", map[string][]byte{"a.json": append(bytes.Clone(record), ' ')}},
		{"a.json: not a record: unexpected end of JSON input", map[string][]byte{"a.json": []byte(`{"schema": "causalgrad/record/1"`)}},
		{`a.json: not a record: json: unknown field "news"`, map[string][]byte{"a.json": []byte(`{"schema": "causalgrad/record/1", "news": 1}`)}},
		{`a.json, "quick-chain": want one record of a spec`, map[string][]byte{"a.json": record, "b.json": record}},
		{"a.npy", map[string][]byte{"a.json": record, "weights/a.npy": weights[:20]}},
		{"a.npy: SHA-256", map[string][]byte{"a.json": record, "weights/a.npy": append(bytes.Clone(weights[:len(weights)-8]), make([]byte, 8)...)}},
	} {
		folder := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(folder, "weights"), 0o755))
		for name, data := range c.files {
			require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), data, 0o644))
		}
		_, err := LoadRuns(folder)
		require.ErrorContains(t, err, c.want)
		require.ErrorContains(t, err, folder)
	}
	_, err = LoadRuns(filepath.Join(t.TempDir(), "absent"))
	require.ErrorContains(t, err, "absent: no such file")
}

// A golden record is plain JSON without parameters.
// A report of one's own records has their tables and figures, and no claim rests on
// them, not even where a run has the name of one of the paper's.
func TestOwnRecordsAreCreditedToNoClaim(t *testing.T) {
	spec := experiment.Default()
	spec.ID, spec.Graph, spec.Length, spec.Tokens, spec.Prior = "mine", "parents:-1,0,1", 4, 3, "dirichlet:1"
	spec.Steps, spec.Batch, spec.TestSequences, spec.Shifted = 2, 32, 300, []string{"dirichlet:2"}
	named := spec
	named.ID = "single-chain"
	all, err := Train(t.Context(), []experiment.Spec{spec, named}, experiment.Parallel{})
	require.NoError(t, err)
	g, err := Gather(t.Context(), Plan{Seed: 1}, all, nil)
	require.NoError(t, err)
	for _, j := range claim.Ledger(g.Evidence) {
		require.Equal(t, verdict.NotRun, j.Verdict, j.ID)
		require.Empty(t, j.Records, j.ID)
	}
	var losses table.Table
	for _, one := range g.Tables {
		if one.ID == "losses" {
			losses = one
		}
	}
	require.Len(t, losses.Rows, 2)
	figures, err := g.figures()
	require.NoError(t, err)
	var names []string
	for _, f := range figures {
		names = append(names, f.ID)
	}
	require.Subset(t, names, []string{"losses-run-0", "edges-run-0", "weights-run-0", "shifted-run-0"})
	require.Contains(t, figures[slices.Index(names, "losses-run-0")].Title, "mine, seed ")

	// A check is nobody's own run, and how many runs are left undrawn is told.
	check := all[0]
	check.Record.Spec.ID = "many-graphs-00-float32"
	many := append(slices.Repeat(all[:1], mostOwn+2), check)
	require.Len(t, Gathered{Runs: many}.own(), mostOwn+2)
	require.Equal(t, 2, Gathered{Runs: many}.Undrawn())
	require.Zero(t, g.Undrawn())
}

func TestLoadRunsReadsGoldenRecords(t *testing.T) {
	folder := t.TempDir()
	golden, err := runs.Golden("quick-icl")
	require.NoError(t, err)
	data, err := runs.Encode(golden)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "icl.json"), data, 0o644))
	all, err := LoadRuns(folder)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, golden, all[0].Record)
	require.Nil(t, all[0].Params)
}

// A figure of one of several runs says which; the losses of one graph are drawn for all.
func TestFiguresNameTheSeedThatTheyShow(t *testing.T) {
	titles := func(graph string) (all []string) {
		first, err := runs.Golden("quick-icl")
		require.NoError(t, err)
		first.Spec.Graph = graph
		second := first
		second.Spec.Seed++
		figures, err := Gathered{}.taskFigures("x", "pairs", []Run{{Record: first}, {Record: second}}, true)
		require.NoError(t, err)
		for _, f := range figures {
			all = append(all, f.Title)
		}
		return all
	}
	require.Equal(t, []string{"Loss: pairs", "Attention on the edges: pairs, seed 1 of 2"}, titles("icl")[:2])
	require.Equal(t, []string{"Loss: pairs, seed 1 of 2", "Attention on the edges: pairs, seed 1 of 2"}, titles("random:uniform")[:2])
}

func TestCheckRefusesWhatIsNoReport(t *testing.T) {
	_, _, err := Check(t.Context(), t.TempDir(), nil)
	require.ErrorContains(t, err, manifest.Name)

	folder := t.TempDir()
	m, err := manifest.New()
	require.NoError(t, err)
	require.NoError(t, m.Save(folder))
	_, _, err = Check(t.Context(), folder, nil)
	require.ErrorContains(t, err, "has 0 seeds, want 1")
	m.Seeds, m.Parts = []uint64{1}, []string{"poetry"}
	require.NoError(t, m.Save(folder))
	_, _, err = Check(t.Context(), folder, nil)
	require.ErrorContains(t, err, `part "poetry"`)
	m.Parts, m.Specs = nil, []experiment.Spec{experiment.Default()}
	m.Specs[0].ID = "../outside"
	require.NoError(t, m.Save(folder))
	_, _, err = Check(t.Context(), folder, nil)
	require.ErrorContains(t, err, `spec id "../outside"`)
}

// Parts run in their order, say how far they are, and stop with the context.
// A table that its part does not name could not be asked for: the part is refused.
func TestPartsNameTheirTables(t *testing.T) {
	all := Plan{Parts: Parts()}.Tables()
	for _, c := range claim.All() {
		require.Subset(t, all, c.Tables, c.ID)
	}
	require.NotContains(t, Plan{Parts: []string{"first step"}}.Tables(), "conform")
	whole := parts
	t.Cleanup(func() { parts = whole })
	parts = slices.Clone(parts)
	at := slices.IndexFunc(parts, func(p part) bool { return p.name == "first step" })
	parts[at].ids = "other"
	_, err := Gather(t.Context(), Plan{Seed: 1, Parts: []string{"first step"}}, nil, nil)
	require.ErrorContains(t, err, `part "first step" of the report: its table "first-step" is not among those that it names`)
}

func TestGather(t *testing.T) {
	var parts []string
	before, all := 0, 0
	g, err := Gather(t.Context(), Plan{Seed: 1, Parts: []string{"first step"}}, nil, func(part string, n, of int) {
		require.GreaterOrEqual(t, n, before)
		before, all = n, of
		parts = append(parts, part)
	})
	require.NoError(t, err)
	require.Equal(t, all, before, "all is done")
	require.ElementsMatch(t, []string{"first step", recordsPart, "", ""}, parts)
	require.NotNil(t, g.Evidence.FirstStep)
	require.Len(t, g.Tables, 1)
	facts, err := g.provenance(claim.Judged{Claim: claim.Claim{Tables: []string{"conform", "first-step"}}, Finding: claim.Finding{Verdict: verdict.Holds}})
	require.NoError(t, err)
	require.Equal(t, []page.Fact{{Name: "computed", Value: "first step; seed 1"}}, facts)
	require.Subset(t, Parts(), CheapParts())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Gather(ctx, Plan{Seed: 1, Parts: []string{"first step"}}, nil, nil)
	require.ErrorIs(t, err, context.Canceled)
}

// JSON of the ledger names each claim with its verdict.
func TestLedgerTableIsSavedAsJSON(t *testing.T) {
	folder, r := savedReport(t, nil)
	data, err := os.ReadFile(filepath.Join(folder, "tables", "claims.json"))
	require.NoError(t, err)
	require.True(t, json.Valid(data))
	require.Equal(t, "claims", r.Tables[0].ID)
	require.Len(t, r.Tables[0].Rows, len(r.Claims))
	for _, row := range r.Tables[0].Rows {
		require.Equal(t, verdict.NotRun, row[1].Verdict())
	}
}

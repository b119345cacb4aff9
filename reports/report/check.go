package report

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/reports/manifest"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
	"causalgrad/theory/verdict"
)

// Check derives a saved report anew and compares every byte: the runs' records and
// the bits of the process that made the report are those of the folder, and
// all other evidence is computed again for the manifest's seed and parts. It returns
// what differs and the number of files compared. A folder that holds no report is
// an error; a record that cannot be read because it was changed is a difference,
// and then nothing is derived from it.
func Check(ctx context.Context, folder string, step Step) (differences []manifest.Difference, files int, err error) {
	m, err := manifest.Load(folder)
	if err != nil {
		return nil, 0, err
	}
	if len(m.Seeds) != 1 {
		return nil, 0, fmt.Errorf("report %s: %s has %d seeds, want 1", folder, manifest.Name, len(m.Seeds))
	}
	if differences, err = m.CheckHashes(folder); err != nil {
		return nil, 0, err
	}
	trained, here, err := saved(folder, m)
	switch {
	case err != nil && len(differences) > 0:
		return append(differences, manifest.Difference{Path: "tables, figures, page", Problem: "not derived anew: " + err.Error()}), len(m.Files), nil
	case err != nil:
		return nil, 0, err
	}
	g, err := Gather(ctx, Plan{m.Seeds[0], m.Parts, here}, trained, step)
	if err != nil {
		return nil, 0, err
	}
	r, err := Build(g, m)
	if err != nil {
		return nil, 0, err
	}
	var derived []manifest.Derived
	for _, f := range r.derived {
		derived = append(derived, manifest.Derived{Path: f.path, Data: f.data})
	}
	anew, err := manifest.CheckDerived(folder, derived)
	return append(differences, anew...), len(m.Files), err
}

// saved is what a report's folder keeps of what is not computed again.
func saved(folder string, m manifest.Manifest) ([]Run, *runs.Build, error) {
	all, err := savedRuns(folder, m)
	if err != nil {
		return nil, nil, err
	}
	here, err := savedHere(folder)
	return all, here, err
}

// savedRuns reads the records that the manifest lists, in the order of its
// specs.
func savedRuns(folder string, m manifest.Manifest) ([]Run, error) {
	var all []Run
	for _, s := range m.Specs {
		name, err := Run{Record: recordOf(s)}.name()
		if err != nil {
			return nil, fmt.Errorf("report %s: %w", folder, err)
		}
		if strings.ContainsAny(name, `/\`) {
			return nil, fmt.Errorf("report %s: spec id %q: want no path", folder, s.ID)
		}
		r, err := loadRun(filepath.Join(folder, recordsFolder, name+".json"), filepath.Join(folder, recordsFolder, "weights", name+".npy"))
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// CheckAnswer says whether Check found a difference, and where.
func CheckAnswer(folder string, differences []manifest.Difference, files int) string {
	if len(differences) == 0 {
		return fmt.Sprintf("All %d files of %s are what its records and its seed give.", files, folder)
	}
	var names []string
	for _, d := range differences {
		names = append(names, d.Path)
	}
	return fmt.Sprintf("%s of %s found: %s.", words.Counted(len(names), "difference"), folder, words.Few(names))
}

// CheckTable shows what Check found.
func CheckTable(folder string, differences []manifest.Difference, files int) table.Table {
	t := table.Table{ID: "check", Title: "Report " + folder + " derived anew", Columns: []table.Column{{Name: "file"}, {Name: "problem"}, {Name: "verdict"}}}
	for _, d := range differences {
		t.Add(table.Text(d.Path), table.Text(d.Problem), table.Verdict(verdict.Fail))
	}
	if len(differences) == 0 {
		t.Add(table.Text(fmt.Sprintf("all %d files", files)), table.Text("none: the saved bytes are what the records and the seed give"), table.Verdict(verdict.Pass))
	}
	t.Note("compared: each file with its hash in the manifest; tables, figures, JUnit file and page with what is derived now from the saved records and, for everything else, from the seed")
	return t
}

package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"causalgrad/impl/fingerprint"
	"causalgrad/reports/table"
)

// Determinism is the matrix workers x kernel x build: a short digest of each
// run's whole fingerprint, and whether all of a row's equal the golden one. An
// entry that differs is named in a note.
func Determinism(golden []fingerprint.Entry, documents []fingerprint.Document) Result {
	workers := workerCounts(documents)
	t := table.Table{ID: "determinism", Title: "Bits by number of workers (columns), kernel and build", Columns: []table.Column{
		{Name: "system"}, {Name: "level"}, {Name: "assembly"}, {Name: "race"}, {Name: "kernel"}}}
	for _, w := range workers {
		t.Columns = append(t.Columns, table.Column{Name: fmt.Sprint(w)})
	}
	t.Columns = append(t.Columns, table.Column{Name: "verdict"})
	r := Result{Holds: len(documents) > 0}
	for _, d := range documents {
		for _, kernel := range kernelsOf(d) {
			good := true
			row := []table.Cell{table.Text(d.Build.System), table.Text(d.Build.Level), table.Text(yes(d.Build.Assembly)), table.Text(yes(d.Build.Race)), table.Text(kernel)}
			for _, w := range workers {
				cell := table.Text("-")
				if i := slices.IndexFunc(d.Runs, func(run fingerprint.Run) bool { return run.Workers == w && run.Kernel == kernel }); i >= 0 {
					cell = table.Text(short(d.Runs[i].Entries))
					if differ := Differences(golden, d.Runs[i].Entries); len(differ) > 0 {
						good = false
						cell = cell.WithNote(t.Note("differs from the golden in " + strings.Join(differ, ", ")))
					}
				}
				row = append(row, cell)
			}
			r.Holds = r.Holds && good
			t.Add(append(row, passed(good))...)
		}
	}
	t.Note(fmt.Sprintf("golden fingerprint %s, a digest of the digests of %d parts: elementary functions, variates, samplers, exact gradients, every preset trained and measured, Algorithm 1; -: not run",
		short(golden), len(golden)))
	r.Table = t
	return r
}

// Differences names the entries that are missing, unexpected or different.
func Differences(golden, got []fingerprint.Entry) []string {
	var names []string
	digest := map[string]string{} // only looked up
	for _, e := range got {
		digest[e.ID] = e.Digest
	}
	known := map[string]bool{}
	for _, e := range golden {
		known[e.ID] = true
		if d, ok := digest[e.ID]; !ok {
			names = append(names, e.ID+" (missing)")
		} else if d != e.Digest {
			names = append(names, e.ID)
		}
	}
	for _, e := range got {
		if !known[e.ID] {
			names = append(names, e.ID+" (not in the golden)")
		}
	}
	return names
}

// Digests tabulates the entries of one run beside the golden ones.
func Digests(golden []fingerprint.Entry, run fingerprint.Run) Result {
	r := Result{Table: table.Table{ID: "fingerprint", Title: fmt.Sprintf("Fingerprint, kernel %s, workers %d", run.Kernel, run.Workers),
		Columns: []table.Column{{Name: "part"}, {Name: "sha256, first half"}, {Name: "verdict"}}}}
	differ := Differences(golden, run.Entries)
	r.Holds = len(differ) == 0
	for _, e := range run.Entries {
		bad := slices.ContainsFunc(differ, func(name string) bool { return name == e.ID || strings.HasPrefix(name, e.ID+" (") })
		r.Table.Add(table.Text(e.ID), table.Text(e.Digest[:min(32, len(e.Digest))]), passed(!bad))
	}
	for _, name := range differ {
		r.Table.Note("differs: " + name)
	}
	return r
}

// short is the beginning of a digest of all digests.
func short(entries []fingerprint.Entry) string {
	h := sha256.New()
	for _, e := range entries {
		h.Write([]byte(e.ID + "=" + e.Digest + "\n")) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))[:8]
}

func workerCounts(documents []fingerprint.Document) []int {
	var all []int
	for _, d := range documents {
		for _, r := range d.Runs {
			all = append(all, r.Workers)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// kernelsOf lists a document's kernel variants in the order of its runs.
func kernelsOf(d fingerprint.Document) []string {
	var all []string
	for _, r := range d.Runs {
		if !slices.Contains(all, r.Kernel) {
			all = append(all, r.Kernel)
		}
	}
	return all
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"causalgrad/impl/memory"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/userfile"
)

// mostDraws bounds the sampled chains of a command: a hundred times what an error
// of a tenth of a percent needs, and a day's work where a chain takes 10 ms.
const mostDraws = 10_000_000

// checkDraws refuses numbers of draws beyond that, and those whose records of
// each chain the memory does not hold.
func checkDraws(draws, bytesEach int) error {
	if draws > mostDraws {
		return fmt.Errorf("--draws %d, want at most %d", draws, mostDraws)
	}
	return memory.Plan(float64(draws)*float64(bytesEach), fmt.Sprintf("--draws at most %.0f", memory.Available()/float64(max(bytesEach, 1))))
}

// Bytes that a command keeps of every pair of positions beside the computation,
// measured: tables of cells, of which one takes 400, and documents.
const (
	pairInTable    = 400
	pairOfCheck    = 600 // 33 MB at T = 256
	pairOfDynamics = 400 // the means of groups of draws
)

// planExact refuses an exact gradient, or what rests on it, that would take more
// memory than there is: every worker has some matrices over the positions and the
// messages of S x S transitions at every one, roots of another distribution a
// joint distribution for every pair; beside that so many bytes a pair.
func planExact(f graph.Forest, prior markov.Prior, bytesOfPair float64) error {
	t, s, workers := float64(f.SequenceLength()), float64(prior.Tokens()), float64(runtime.GOMAXPROCS(0))
	need := 8*workers*(6*t*t+40*t*s*s) + bytesOfPair*t*t
	if markov.RootDistribution(prior) != nil {
		need += 4 * t * t * s * s
	}
	return memory.Plan(need, fmt.Sprintf("T = %.0f at S = %.0f; a shorter sequence or fewer tokens take less", t, s))
}

// planFile refuses a file whose reading would take more memory than there is:
// factor times its size.
func planFile(name string, factor float64) error {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil // its reader says what is wrong
	}
	return userfile.Error(name, memory.Plan(factor*float64(info.Size()), "a smaller file"))
}

// bytesOfDocument is what a byte of a JSON document takes where it is read into a
// tree of values.
const bytesOfDocument = 30

// planDocuments is planFile for several documents, of which all are kept.
func planDocuments(names []string) error {
	total := 0.0
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			total += float64(info.Size())
		}
	}
	return memory.Plan(bytesOfDocument*total, "fewer or smaller files")
}

// planFolders refuses folders of records that the memory does not hold: a report
// keeps all of them, the weights twice.
func planFolders(folders []string) error {
	total := 0.0
	for _, folder := range folders {
		_ = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error { // its reader says what is wrong
			if err != nil {
				return fs.SkipAll
			}
			if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
				total += float64(info.Size())
			}
			return nil
		})
	}
	return memory.Plan(4*total, "fewer records")
}

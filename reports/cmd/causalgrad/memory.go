package main

import (
	"archive/zip"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
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
// measured: tables of cells, of which one takes 400 and the answer its characters, and documents.
const (
	pairInTable    = 450
	pairOfCheck    = 600 // 33 MB at T = 256
	pairOfDynamics = 130 // 45 MB at T = 512
	pairOfDrawn    = 400 // that and the means of groups of draws
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

// planSequences refuses a file of sequences that the memory does not hold. Measured:
// a byte of text takes 10 with the numbers that are read of it, a number of an array
// 16 beside the file, which is there twice.
func planSequences(name string) error {
	size, begin := unpacked(name)
	return userfile.Error(name, memory.Plan(size*bytesOfSequences(begin), "a smaller file"))
}

// bytesOfSequences is what a byte of a file of sequences takes that begins so.
func bytesOfSequences(begin []byte) float64 {
	if width := itemWidth.FindSubmatch(begin); width != nil {
		return 2.5 + 16/float64(width[1][0]-'0')
	}
	return 12
}

// itemWidth is the bytes of a number in the header of a .npy file.
var itemWidth = regexp.MustCompile(`(?s)^.NUMPY.*'descr': '[<>|=]?[a-z]([1248])'`)

// headerSize is more than the header of an array of numbers.
const headerSize = 256

// unpacked is the size of a file's content, where it is packed that of what is
// within, as the archive says, and how it begins; 0 for what is no regular file or
// is damaged: its reader says what is wrong.
func unpacked(name string) (size float64, begin []byte) {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return 0, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = f.Close() }() // only read
	size = float64(info.Size())
	if archive, err := zip.NewReader(f, info.Size()); err == nil {
		for size = 0; len(archive.File) > 0; archive.File = archive.File[1:] {
			member := archive.File[0]
			size += float64(member.UncompressedSize64)
			if r, err := member.Open(); err == nil && begin == nil {
				begin, _ = io.ReadAll(io.LimitReader(r, headerSize))
			}
		}
		return size, begin
	}
	if unzipped, err := gzip.NewReader(f); err == nil {
		begin, _ = io.ReadAll(io.LimitReader(unzipped, headerSize))
		var last [4]byte // the size is what a gzip file ends with
		if _, err := f.ReadAt(last[:], info.Size()-4); err == nil {
			size = max(size, float64(uint32(last[0])|uint32(last[1])<<8|uint32(last[2])<<16|uint32(last[3])<<24))
		}
		return size, begin
	}
	begin = make([]byte, headerSize)
	n, _ := f.ReadAt(begin, 0)
	return size, begin[:n]
}

// What a byte of a JSON document takes, measured, where it is read into a tree of
// values and where into the fields of an answer.
const (
	bytesInTree   = 30
	bytesInFields = 10
)

// planDocuments is planFile for several documents, of which all are kept.
func planDocuments(names []string, bytesEach float64) error {
	total := 0.0
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			total += float64(info.Size())
		}
	}
	return memory.Plan(bytesEach*total, "fewer or smaller files")
}

// planFolders refuses folders of records that the memory does not hold: a report
// keeps all of them, with the weights, figures and pages that come of them. Measured:
// 132 MB for a folder of 2.7 MB, 295 for one of 8.3.
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
	return memory.Plan(64<<20+36*total, "fewer records")
}

package implaws

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"causalgrad/props"
	"pgregory.net/rapid"
)

func writeLaws() []props.Law {
	needs := []props.Capability{CanWrite}
	return []props.Law{
		{ID: "write-whole", Source: "architecture, records", Needs: needs, Draws: 10, Check: writeWhole,
			Sentence: "A written file holds exactly what was written last, in a folder that need not exist, and nothing else is left there."},
		{ID: "write-fresh", Source: "architecture, records", Needs: needs, Draws: 8, Check: writeFresh,
			Sentence: "Of several writers of a fresh file one wins, whole; the others are told that it exists."},
		{ID: "write-fails-whole", Source: "architecture, records", Needs: needs, Draws: 8, Check: writeFails,
			Sentence: "A write that fails names the file and leaves everything as it was; asked beforehand, the same is said."},
		{ID: "write-never-half", Source: "architecture, records", Needs: needs, Draws: 4, Check: writeNeverHalf,
			Sentence: "Whoever reads while a file is written anew sees the old text or the new one."},
	}
}

// drawBytes draws up to some pages of bytes.
func drawBytes(t *rapid.T) []byte {
	data := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "bytes")
	return bytes.Repeat(data, rapid.SampledFrom([]int{1, 1000}).Draw(t, "times"))
}

func writing(data []byte) props.Case {
	return props.Case{}.Where("%d bytes, %q", len(data), data[:min(len(data), 20)])
}

func mustWrite(t *rapid.T, s props.Subject, c props.Case, name string, data []byte, fresh bool) {
	props.Ask(t, c, "writing", func() (struct{}, error) { return struct{}{}, s.(Writer).WriteWhole(name, data, fresh) })
}

// onlyIn demands that a folder holds these files alone, with their texts.
func onlyIn(t *rapid.T, c props.Case, folder string, want map[string][]byte) {
	files, err := os.ReadDir(folder)
	props.Demand(t, c, err == nil && len(files) == len(want), "files in the folder", strconv.Itoa(len(want)), fmt.Sprint(files))
	for _, f := range files {
		data, expected := want[f.Name()]
		props.Demand(t, c, expected && bytes.Equal(readBack(t, filepath.Join(folder, f.Name())), data), "file "+f.Name(), "what was written", "another text")
	}
}

func writeWhole(t *rapid.T, s props.Subject) {
	data, other := drawBytes(t), drawBytes(t)
	fresh := rapid.Bool().Draw(t, "fresh")
	c := writing(data)
	inFolder(t, func(folder string) {
		above, folder := folder, filepath.Join(folder, "new", "folder")
		props.Ask(t, c, "asking", func() (struct{}, error) { return struct{}{}, s.(Writer).CheckWritable(filepath.Join(folder, "a")) })
		onlyIn(t, c, above, nil)
		mustWrite(t, s, c, filepath.Join(folder, "a"), data, fresh)
		onlyIn(t, c, folder, map[string][]byte{"a": data})
		mustWrite(t, s, c, filepath.Join(folder, "a"), other, false)
		mustWrite(t, s, c, filepath.Join(folder, "b"), data, true)
		onlyIn(t, c, folder, map[string][]byte{"a": other, "b": data})
	})
}

func writeFresh(t *rapid.T, s props.Subject) {
	data := drawBytes(t)
	writers := rapid.IntRange(1, 4).Draw(t, "writers")
	c := writing(data).Where("%d writers", writers)
	inFolder(t, func(folder string) {
		name := filepath.Join(folder, "a")
		texts, errs := make([][]byte, writers), make([]error, writers)
		var group sync.WaitGroup
		for w := range writers {
			texts[w] = append([]byte{byte(w)}, data...)
			group.Go(func() {
				_, errs[w] = props.Guarded(func() (struct{}, error) { return struct{}{}, s.(Writer).WriteWhole(name, texts[w], true) })
			})
		}
		group.Wait()
		winner := slices.Index(errs, nil)
		props.Demand(t, c, winner >= 0, "winner", "one", fmt.Sprint(errs))
		for w, err := range errs {
			props.Demand(t, c, w == winner || errors.Is(err, fs.ErrExist), "another writer", "that the file exists", fmt.Sprint(err))
		}
		onlyIn(t, c, folder, map[string][]byte{"a": texts[winner]})
		_, err := props.Guarded(func() (struct{}, error) { return struct{}{}, s.(Writer).WriteWhole(name, data, true) })
		props.Demand(t, c, errors.Is(err, fs.ErrExist), "writing once more", "that the file exists", fmt.Sprint(err))
		onlyIn(t, c, folder, map[string][]byte{"a": texts[winner]})
	})
}

// writeFails: a folder of the file's name, or a file where a folder should be.
func writeFails(t *rapid.T, s props.Subject) {
	data := drawBytes(t)
	fresh, inside := rapid.Bool().Draw(t, "fresh"), rapid.Bool().Draw(t, "inside a file")
	c := writing(data).Where("fresh %t, inside a file %t", fresh, inside)
	inFolder(t, func(folder string) {
		name := filepath.Join(folder, "taken")
		if inside {
			name = filepath.Join(fileIn(t, folder, "taken", []byte("old")), "file")
		} else if err := os.Mkdir(name, 0o755); err != nil {
			t.Fatalf("%v", err)
		}
		refuses(t, c, "asking", func() error { return s.(Writer).CheckWritable(name) }, "writing "+name)
		refuses(t, c, "writing", func() error { return s.(Writer).WriteWhole(name, data, fresh) }, "writing "+name)
		files, err := os.ReadDir(folder)
		props.Demand(t, c, err == nil && len(files) == 1, "files in the folder", "what was there", fmt.Sprint(files))
		props.Demand(t, c, !inside || string(readBack(t, filepath.Join(folder, "taken"))) == "old", "file in the way", "untouched", "changed")
	})
}

func writeNeverHalf(t *rapid.T, s props.Subject) {
	pages := rapid.IntRange(1, 64).Draw(t, "pages")
	c := props.Case{}.Where("%d pages", pages)
	text := func(sign byte) []byte { return bytes.Repeat([]byte{sign}, 4096*pages) }
	inFolder(t, func(folder string) {
		name := filepath.Join(folder, "a")
		mustWrite(t, s, c, name, text('0'), false)
		written := make(chan error, 1)
		go func() {
			var err error
			for sign := byte('1'); sign <= '5' && err == nil; sign++ {
				_, err = props.Guarded(func() (struct{}, error) { return struct{}{}, s.(Writer).WriteWhole(name, text(sign), false) })
			}
			written <- err
		}()
		last := byte('0')
		look := func() {
			data := readBack(t, name)
			props.Demand(t, c, len(data) == 4096*pages && bytes.Equal(data, text(data[0])), "text seen while it is written", "one of the whole ones", fmt.Sprintf("%d bytes", len(data)))
			props.Demand(t, c, data[0] >= last, "text seen while it is written", "no older than before", string(data[:1]))
			last = data[0]
		}
		for {
			select {
			case err := <-written:
				props.Demand(t, c, err == nil, "writing five times", "no error", fmt.Sprint(err))
				look()
				props.Demand(t, c, last == '5', "text in the end", "the last one", string([]byte{last}))
				return
			default:
				look()
			}
		}
	})
}

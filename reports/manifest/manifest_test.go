package manifest

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"testing/fstest"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	full := filepath.Join(folder, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
	require.NoError(t, os.WriteFile(full, []byte(text), 0o644))
}

func TestManifestReadsBackWhatWasSaved(t *testing.T) {
	m, err := New()
	require.NoError(t, err)
	require.Contains(t, []string{"portable", "avx2", "avx512"}, m.Kernel)
	require.Contains(t, m.Machine, runtime.GOARCH)
	m.Seeds, m.WallSeconds = []uint64{1, 7}, 12.5
	m.Specs = []experiment.Spec{experiment.Default()}
	m.Files = []File{Describe("tables/a.txt", []byte("a"))}
	folder := t.TempDir()
	require.NoError(t, m.Save(folder))
	back, err := Load(folder)
	require.NoError(t, err)
	require.Equal(t, m, back)
}

func TestLoadRefusesWhatIsNoManifest(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"schema": "causalgrad/record/1"}`, `schema "causalgrad/record/1"`},
		{`{"schema": "causalgrad/manifest/1", "colour": 1}`, "colour"},
		{`{"schema": "causalgrad/manifest/1"} {}`, "text after"},
		{`{"schema": "causal`, "unexpected EOF"},
	} {
		folder := t.TempDir()
		write(t, folder, Name, c.text)
		_, err := Load(folder)
		require.ErrorContains(t, err, Name)
		require.ErrorContains(t, err, c.want)
	}
	_, err := Load(t.TempDir())
	require.ErrorContains(t, err, Name)
}

func TestProgramComesFromTheBuild(t *testing.T) {
	var p Program
	p.fill(&debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.2.3"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}}})
	require.Equal(t, Program{"v1.2.3", "abc", true, "go1.26.8"}, p)
}

func TestHashListsFilesByPath(t *testing.T) {
	files, err := Hash(fstest.MapFS{"b/x": {Data: []byte("abc")}, "a": {Data: nil}, Name: {Data: []byte("not itself")}, "b.txt": {Data: nil},
		"b/.causalgrad-1-2.tmp": {Data: []byte("half of a file")}})
	require.Len(t, files, 3)
	require.NoError(t, err)
	// The hash of "abc" is the example of FIPS 180-4.
	require.Equal(t, File{"b/x", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}, files[2])
	require.Equal(t, []string{"a", "b.txt", "b/x"}, []string{files[0].Path, files[1].Path, files[2].Path})
}

func TestCheckHashesFindsWhatChanged(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "records/a.json", "one")
	write(t, folder, "records/b.json", "two")
	files, err := Hash(os.DirFS(folder))
	require.NoError(t, err)
	m := Manifest{Files: files}
	found, err := m.CheckHashes(folder)
	require.NoError(t, err)
	require.Empty(t, found)
	write(t, folder, "records/a.json", "One")
	require.NoError(t, os.Remove(filepath.Join(folder, "records", "b.json")))
	m.Files = append(m.Files, File{Path: "../outside"})
	found, err = m.CheckHashes(folder)
	require.NoError(t, err)
	require.Len(t, found, 3)
	require.Contains(t, found[0].Problem, "the manifest says")
	require.Equal(t, Difference{"records/b.json", "missing"}, found[1])
	require.Contains(t, found[2].Problem, "not one below")
}

func TestCheckDerivedComparesBytes(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "tables/a.csv", "x,y\n1,2\n")
	write(t, folder, "tables/old.csv", "x\n")
	write(t, folder, "tables/.causalgrad-1-2.tmp", "half of a file")
	write(t, folder, "figures/f.png", "\x00\x01\x02")
	derived := []Derived{{"tables/a.csv", []byte("x,y\n1,2\n")}, {"figures/f.png", []byte{0, 1, 2}}}
	found, err := CheckDerived(folder, derived)
	require.NoError(t, err)
	require.Equal(t, []Difference{{"tables/old.csv", "not among what the records give"}}, found)

	derived[0].Data, derived[1].Data = []byte("x,y\n1,3\n"), []byte{0, 1, 3}
	derived = append(derived, Derived{"tables/b.csv", nil})
	found, err = CheckDerived(folder, derived)
	require.NoError(t, err)
	require.Equal(t, []Difference{
		{"tables/a.csv", `line 2 is "1,2", derived anew "1,3"`},
		{"figures/f.png", "differs from byte 2 on"},
		{"tables/b.csv", "missing"},
		{"tables/old.csv", "not among what the records give"},
	}, found)
	_, err = CheckDerived(filepath.Join(folder, "nowhere"), derived)
	require.ErrorContains(t, err, "nowhere")
}

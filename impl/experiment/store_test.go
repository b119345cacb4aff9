package experiment

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/impl/durable"

	"github.com/stretchr/testify/require"
)

func TestStoreKeepsRecordsAndWeights(t *testing.T) {
	s, notes := openStore(t)
	want, params := uninterrupted(t, tiny())
	_, found, err := s.Get(tiny())
	require.NoError(t, err)
	require.False(t, found)
	require.NoError(t, s.Put(want, params))
	got, found, err := s.Get(tiny())
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, want, got, "a float changed on its way through the file")
	weights, err := s.Weights(got)
	require.NoError(t, err)
	require.Equal(t, params, weights)
	hash, err := tiny().Hash()
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(s.folder, "tiny-"+hash[:12]+".json"))
	all, err := s.Records()
	require.NoError(t, err)
	require.Equal(t, []Record{want}, all)
	require.Empty(t, *notes)
}

func TestStoreOnlyAppends(t *testing.T) {
	s, _ := openStore(t)
	first, params := uninterrupted(t, tiny())
	require.NoError(t, s.Put(first, params))
	again := first
	again.Provenance.WallSeconds++ // another machine's record of the same bits
	require.NoError(t, s.Put(again, params))
	other := first
	other.Final.Loss.Value += 0x1p-52
	require.ErrorIs(t, s.Put(other, params), ErrMismatch)
	got, _, err := s.Get(tiny())
	require.NoError(t, err)
	require.Equal(t, first, got, "the first record was replaced")

	_, err = s.Again(t.Context(), tiny(), Options{Workers: 2})
	require.NoError(t, err, "the same program must give the same bits")
}

// Every byte of a record's file matters: cut before it or with it changed, the file
// is no record. 0x20 is the case of a letter.
func TestEveryByteOfARecordIsChecked(t *testing.T) {
	whole, err := EncodeRecord(Record{Schema: Schema, Spec: tiny()})
	require.NoError(t, err)
	_, err = DecodeRecord(whole)
	require.NoError(t, err)
	for n := range whole {
		_, err := DecodeRecord(whole[:n])
		require.Error(t, err, "cut to %d bytes", n)
		for _, bit := range []byte{0x01, 0x10, 0x20} {
			changed := bytes.Clone(whole)
			changed[n] ^= bit
			_, err := DecodeRecord(changed)
			require.Error(t, err, "byte %d changed by %#x", n, bit)
		}
	}
}

// TestDamagedRecordsCountAsMissing cuts and changes a record's file at every
// part of it: all are told from a record, reported in one line and set aside.
func TestDamagedRecordsCountAsMissing(t *testing.T) {
	s, notes := openStore(t)
	want, params := uninterrupted(t, tiny())
	require.NoError(t, s.Put(want, params))
	e, err := s.entry(tiny())
	require.NoError(t, err)
	whole, err := os.ReadFile(e.record)
	require.NoError(t, err)
	at := len(whole) / 2
	changed := bytes.Clone(whole)
	changed[at] ^= 1
	other := tiny()
	other.ID, other.Seed = "other", 9
	foreign, err := EncodeRecord(Record{Schema: Schema, Spec: other})
	require.NoError(t, err)
	newer := want
	newer.Schema = "causalgrad/record/99"
	newerFile, err := EncodeRecord(newer)
	require.NoError(t, err)
	for what, data := range map[string][]byte{"empty": {}, "first line": whole[:40], "cut": whole[:at], "last byte": whole[:len(whole)-1],
		"longer": append(bytes.Clone(whole), '\n'), "bit": changed, "foreign": []byte(`{"schema": "x"}`), "other spec": foreign, "newer": newerFile} {
		*notes = nil
		s.told.Clear()
		require.NoError(t, os.WriteFile(e.record, data, 0o600))
		_, _, err := s.Get(tiny())
		require.NoError(t, err, what)
		_, found, err := s.Get(tiny()) // told once
		require.NoError(t, err, what)
		require.False(t, found, what)
		require.Len(t, *notes, 1, what)
		require.Contains(t, (*notes)[0], e.record, what)
		require.NotContains(t, (*notes)[0], "\n", what)
		all, err := s.Records()
		require.NoError(t, err)
		require.Empty(t, all, what)
	}
	got, err := s.TryRun(t.Context(), tiny(), Options{Workers: 1})
	require.NoError(t, err)
	require.Equal(t, canonical(t, want), canonical(t, got))
	require.FileExists(t, e.record+".damaged")
	_, found, err := s.Get(tiny())
	require.NoError(t, err)
	require.True(t, found)
}

// TestDamagedFilesAreSetAside: each under a name of its own, so that none is lost, and
// never the intact record that another process put there after the damage was seen.
func TestDamagedFilesAreSetAside(t *testing.T) {
	s, notes := openStore(t)
	r, params := uninterrupted(t, tiny())
	e, err := s.entry(tiny())
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(e.record), 0o755))
	for _, damage := range []string{"one", "two", "three"} {
		require.NoError(t, os.WriteFile(e.record, []byte(damage), 0o600))
		require.NoError(t, s.Put(r, params))
	}
	for suffix, want := range map[string]string{".damaged": "one", ".damaged-2": "two", ".damaged-3": "three"} {
		kept, err := os.ReadFile(e.record + suffix)
		require.NoError(t, err)
		require.Equal(t, want, string(kept))
	}
	require.Len(t, *notes, 3)
	require.Contains(t, (*notes)[2], "set aside as "+filepath.Base(e.record)+".damaged-3")

	require.NoError(t, s.setAside(e))
	_, found, err := s.Get(tiny())
	require.NoError(t, err)
	require.True(t, found, "an intact record goes back")
	require.NoFileExists(t, e.record+".damaged-4")
	require.Len(t, *notes, 3)
	require.NoError(t, os.Remove(e.record))
	require.NoError(t, s.setAside(e), "another process was faster")
	require.NoFileExists(t, e.record+".damaged-4")
}

func TestOneSpecRunsInOneProcess(t *testing.T) {
	s, _ := openStore(t)
	other, err := OpenStore(s.folder)
	require.NoError(t, err)
	calls := 0
	_, err = s.Run(t.Context(), tiny(), Options{Workers: 1, Progress: func(step int) {
		if calls++; step == 3 {
			_, err := other.TryRun(t.Context(), tiny(), Options{Workers: 1})
			require.ErrorIs(t, err, ErrBusy)
		}
	}})
	require.NoError(t, err)
	require.Equal(t, tiny().Steps, calls)
	trained := false
	_, err = other.TryRun(t.Context(), tiny(), Options{Workers: 1, Progress: func(int) { trained = true }})
	require.NoError(t, err)
	require.False(t, trained, "the record was there")
}

func TestWaitingForAnotherProcessEndsWithTheContext(t *testing.T) {
	s, _ := openStore(t)
	e, err := s.entry(tiny())
	require.NoError(t, err)
	l, err := durable.TryLock(e.lock)
	require.NoError(t, err)
	defer l.Release()
	if l.State == durable.Unlockable {
		t.Skip("this system has no file locks: nobody waits")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Run(ctx, tiny(), Options{Workers: 1})
	require.ErrorIs(t, err, context.Canceled)
}

func TestWeightsThatAreNotTheRecords(t *testing.T) {
	s, _ := openStore(t)
	r, params := uninterrupted(t, tiny())
	require.NoError(t, s.Put(r, params))
	e, err := s.entry(tiny())
	require.NoError(t, err)
	params[0]++
	require.NoError(t, writeWeights(e.weights, params))
	_, err = s.Weights(r)
	require.ErrorContains(t, err, "the record says")
	require.NoError(t, os.WriteFile(e.weights, []byte("short"), 0o600))
	_, err = s.Weights(r)
	require.ErrorContains(t, err, e.weights)
}

func TestStoreInAFolderThatCannotBe(t *testing.T) {
	_, err := OpenStore(filepath.Join(write(t, "file", ""), "below"))
	require.ErrorContains(t, err, "record store")
	folder := filepath.Join(t.TempDir(), "with [brackets] * and ?")
	s, err := OpenStore(folder)
	require.NoError(t, err)
	r, params := uninterrupted(t, tiny())
	require.NoError(t, s.Put(r, params))
	all, err := s.Records()
	require.NoError(t, err)
	require.Len(t, all, 1)
	name := filepath.Join(folder, "stray.json")
	data, err := EncodeRecord(r)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name, data, 0o600))
	var notes []string
	s.Note = func(line string) { notes = append(notes, line) }
	all, err = s.Records()
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Len(t, notes, 1)
	require.True(t, strings.Contains(notes[0], "stray.json"), notes[0])
}

// TestOpeningAStoreSweepsUpAfterKilledWriters: temporary files that a kill left
// in any of the store's folders are gone when the next process opens it.
func TestOpeningAStoreSweepsUpAfterKilledWriters(t *testing.T) {
	s, _ := openStore(t)
	e, err := s.entry(tiny())
	require.NoError(t, err)
	l, err := durable.TryLock(e.lock)
	require.NoError(t, err)
	l.Release()
	if l.State == durable.Unlockable {
		t.Skip("this system has no file locks: a temporary file may be in use")
	}
	var left []string
	for _, name := range []string{e.record, e.weights, e.checkpoint} {
		left = append(left, filepath.Join(filepath.Dir(name), ".causalgrad-1-1.tmp"))
		require.True(t, durable.IsTemporary(left[len(left)-1]))
		require.NoError(t, os.WriteFile(left[len(left)-1], []byte("half"), 0o600))
	}
	_, err = OpenStore(s.folder)
	require.NoError(t, err)
	for _, name := range left {
		require.NoFileExists(t, name)
	}
}

// Losses of a run that diverged need not be numbers that JSON knows.
func TestRecordsKeepNumbersThatAreNotFinite(t *testing.T) {
	r, _ := uninterrupted(t, tiny())
	r.Final.Gap.Value, r.Final.Loss.Value = math.NaN(), math.Inf(1)
	data, err := EncodeRecord(r)
	require.NoError(t, err)
	back, err := DecodeRecord(data)
	require.NoError(t, err)
	require.True(t, math.IsNaN(back.Final.Gap.Value))
	require.Equal(t, math.Inf(1), back.Final.Loss.Value)
	same, err := sameBits(r, back)
	require.NoError(t, err)
	require.True(t, same)
}

// A record that cannot be kept is an error, and nothing of it is: here in a
// folder that is none.
func TestWhatCannotBeKeptIsAnError(t *testing.T) {
	s, _ := openStore(t)
	r, params := uninterrupted(t, tiny())
	files, err := os.ReadDir(s.folder)
	require.NoError(t, err)
	require.Len(t, files, 2, "the folders of weights and of unfinished runs")
	require.NoError(t, os.RemoveAll(filepath.Join(s.folder, "weights")))
	require.NoError(t, os.WriteFile(filepath.Join(s.folder, "weights"), nil, 0o600))
	require.ErrorContains(t, s.Put(r, params), "not a directory")
	_, found, err := s.Get(tiny())
	require.NoError(t, err)
	require.False(t, found)
}

// A record of a later version may have fields that this one does not know: it is
// not read as if they were not there.
func TestUnknownFieldsOfARecordAreRefused(t *testing.T) {
	r, _ := uninterrupted(t, tiny())
	data, err := EncodeRecord(r)
	require.NoError(t, err)
	rest := strings.Replace(string(data[strings.Index(string(data), "\n \"schema\"")+1:]), "{", "{\n \"news\": 1,", 1)
	data = []byte(checksumStart + hashBytes([]byte(rest)) + checksumEnd + rest)
	_, err = DecodeRecord(data)
	require.ErrorContains(t, err, `not a record: json: unknown field "news"`)
}

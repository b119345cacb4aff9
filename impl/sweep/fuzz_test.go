package sweep

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// large numbers ask for memory, and names for files: neither is the parser's.
var beyondParsing = regexp.MustCompile(`\d{3}|@|point|orbit`)

// FuzzGrid: any text is a sweep of at least one cell, or an error.
func FuzzGrid(f *testing.F) {
	for _, text := range []string{"base: {steps: 1}\ngrid: {seed: [1, 2]}", "cells: [{steps: 1, seed: 1}]", "base: &a {steps: 1}\ncells: [*a, {<<: *a, seed: 2}]",
		"grid: {steps: [1, 1.5]}", "grid: {seed: []}", "base: 1", "a: &a [*a]", ""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if beyondParsing.Match(data) {
			t.Skip("large numbers or files")
		}
		g := Grid{Source: data}
		if err := g.parse(); err == nil {
			require.NotEmpty(t, g.Cells)
		}
	})
}

// FuzzChunk: any line is a list of cells, or an error.
func FuzzChunk(f *testing.F) {
	f.Add([]byte(`[{"id":"a","steps":1}]`))
	f.Add([]byte(`[{"prior":"dirichlet:1","x":1}]`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if beyondParsing.Match(line) {
			t.Skip("large numbers or files")
		}
		_, _ = decodeChunk(line) // either answer will do
	})
}

// FuzzTemplate: a script without its --array options has none, and no other line is
// lost.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{"#!/bin/sh\n#SBATCH --array=1-9%4\n#SBATCH -a 1 --mem=1G\nrun\n", "#SBATCH -a1\n", "#SBATCH\n#SBATCH --array 1", "x\r\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if err := checkLines(text); err != nil {
			require.Contains(t, text, "\r")
			return
		}
		rest, throttle := withoutArray(text)
		require.GreaterOrEqual(t, throttle, 0)
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "#SBATCH") {
				require.Contains(t, rest, line)
			}
		}
	})
}

// FuzzShard: any text is a part of a whole, or an error that names it.
func FuzzShard(f *testing.F) {
	for _, text := range []string{"", "1/2", "2/1", "0/0", "/", "1/2/3", "+1/2", "1/99999999999999999999"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseShard(text)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		require.True(t, 1 <= s.Number && s.Number <= s.Of)
	})
}

// FuzzSubmission: any file of a submission is one of this program, or an error that
// names it.
func FuzzSubmission(f *testing.F) {
	f.Add([]byte(`{"schema":"` + submissionSchema + `","array":"1"}`))
	f.Add([]byte(`{"schema":"x"}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decodeSubmission("jobs.json", data)
		if err != nil {
			require.ErrorContains(t, err, "jobs.json")
			return
		}
		require.Equal(t, submissionSchema, s.Schema)
	})
}

// FuzzQueue: whatever squeue prints, tasks are numbers of jobs that stand in it.
func FuzzQueue(f *testing.F) {
	for _, text := range []string{"7_1 7_2\n8_x\n", "_", "7_99999999999999999999", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for job := range tasksIn(text) {
			require.Contains(t, text, job)
		}
	})
}

// FuzzAnswer: whatever sbatch prints, an id that is found stands in it.
func FuzzAnswer(f *testing.F) {
	for _, text := range []string{"519605\n", "hello\n519605;cluster\n", "Submitted batch job 7", "1;", ";", "9999999999999999999999\n", "\x00", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if id, found := parseAnswer(text); found {
			require.Contains(t, text, id.number)
			require.Regexp(t, `^[0-9]+$`, id.number)
		}
	})
}

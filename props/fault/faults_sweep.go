package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
	"causalgrad/props/implaws"
)

// gridFaults are mistakes in expanding and dealing out grids.
func gridFaults() []Fault {
	return []Fault{
		expands("grid-reversed", "the cells come in the order of a product whose first axis varies fastest", func(g *implaws.Grid) {
			slices.Reverse(g.Specs)
			slices.Reverse(g.Hashes)
			slices.Reverse(g.Labels)
		}, "grid-product"),
		expands("grid-hash-by-place", "a cell's hash is of its place", func(g *implaws.Grid) {
			for i := range g.Hashes {
				g.Hashes[i] = fmt.Sprintf("%064d", i)
			}
		}, "grid-axes-commute"),
		expands("grid-one-label-less", "the last field that varies is not told", func(g *implaws.Grid) {
			g.Varied = g.Varied[:max(0, len(g.Varied)-1)]
		}, "grid-labels"),
		expands("grid-repetitions-kept", "specs that come up again are cells of their own", func(g *implaws.Grid) {
			if g.Duplicates > 0 {
				g.Specs, g.Hashes, g.Labels = append(g.Specs, g.Specs[0]), append(g.Hashes, g.Hashes[0]), append(g.Labels, g.Labels[0])
				g.Duplicates--
			}
		}, "grid-product", "grid-altered-text"),
		patch("grid-errors-in-lines", "an error spreads over several lines", func(v *variant) {
			v.expandGrid = func(own implaws.Gridder, file string) (implaws.Grid, error) {
				g, err := own.ExpandGrid(file)
				if err != nil {
					err = errors.New(strings.ReplaceAll(err.Error(), ": ", ":\n  "))
				}
				return g, err
			}
		}, "grid-altered-text", "grid-mistakes"),
		expands("grid-cells-unchecked", "cells are not validated", func(g *implaws.Grid) {
			g.Invalid = ""
		}, "grid-mistakes"),
		patch("shards-of-equal-size", "the shards are blocks of equal size, and the rest is nobody's", func(v *variant) {
			v.dealCells = func(own []int, cells int, shard string) ([]int, error) {
				s, err := sweep.ParseShard(shard)
				if err != nil || shard == "" {
					return own, err
				}
				size := cells / s.Of
				own = make([]int, size)
				for i := range own {
					own[i] = (s.Number-1)*size + i
				}
				return own, nil
			}
		}, "shards-partition"),
	}
}

// expands alters what a sweep file expands to.
func expands(id, description string, alter func(g *implaws.Grid), expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.expandGrid = func(own implaws.Gridder, file string) (implaws.Grid, error) {
			g, err := own.ExpandGrid(file)
			if err == nil {
				alter(&g)
			}
			return g, err
		}
	}, expect...)
}

// sweepFaults are mistakes in running grids.
func sweepFaults() []Fault {
	return []Fault{
		patch("sweep-whole-in-every-shard", "every shard computes the whole grid", func(v *variant) {
			v.sweepGrid = func(own implaws.Sweeper, r sweepRequest) ([]int, error) { r.shard = ""; return r.of(own) }
		}, "sweep-status"),
		patch("sweep-always-again", "cells that failed are always tried again", func(v *variant) {
			v.sweepGrid = func(own implaws.Sweeper, r sweepRequest) ([]int, error) { r.again = true; return r.of(own) }
		}, "sweep-failures"),
		patch("sweep-stops-at-failure", "the first cell that fails ends the sweep", func(v *variant) {
			v.sweepGrid = func(own implaws.Sweeper, r sweepRequest) ([]int, error) {
				failed, err := r.of(own)
				if err == nil && len(failed) > 0 {
					err = fmt.Errorf("cell %d failed", failed[0])
				}
				return failed, err
			}
		}, "sweep-failures"),
		patch("sweep-ignores-the-disk", "a sweep that the disk stops counts as made", func(v *variant) {
			v.sweepGrid = func(own implaws.Sweeper, r sweepRequest) ([]int, error) {
				failed, err := r.of(own)
				if errors.As(err, new(*fs.PathError)) {
					return nil, nil
				}
				return failed, err
			}
		}, "sweep-obstacles"),
		patch("sweep-merges-backwards", "merged records come in another order than the cells", func(v *variant) {
			v.surveyed = func(own implaws.Swept) (implaws.Swept, error) { slices.Reverse(own.Records); return own, nil }
		}, "sweep-shards", "sweep-status"),
		patch("sweep-last-bit", "a merged record's loss lost its last bits", func(v *variant) {
			v.surveyed = func(own implaws.Swept) (implaws.Swept, error) {
				for _, r := range own.Records {
					if r != nil {
						r.Final.Loss.Value = float64(float32(r.Final.Loss.Value))
					}
				}
				return own, nil
			}
		}, "sweep-shards"),
		patch("sweep-damage-is-missing", "damaged records count as missing", func(v *variant) {
			v.surveyed = func(own implaws.Swept) (implaws.Swept, error) {
				own.Counts[experiment.Missing] += own.Counts[experiment.Damaged]
				delete(own.Counts, experiment.Damaged)
				for i, s := range own.States {
					if s == experiment.Damaged {
						own.States[i] = experiment.Missing
					}
				}
				if own.Counts[experiment.Missing] == 0 {
					delete(own.Counts, experiment.Missing)
				}
				return own, nil
			}
		}, "sweep-mends"),
	}
}

// submitFaults are mistakes in job arrays.
func submitFaults() []Fault {
	asks := func(id, description string, alter func(r *submitRequest), expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.submitGrid = func(own implaws.Submitter, r submitRequest) (sweep.Submission, error) { alter(&r); return r.of(own) }
		}, expect...)
	}
	return []Fault{
		asks("submit-from-zero", "the array's tasks count from 0", func(r *submitRequest) {
			slurm := r.slurm
			r.slurm = func(words []string) (string, error) {
				words = slices.Clone(words)
				for i, w := range words {
					words[i] = strings.Replace(w, "--array=1-", "--array=0-", 1)
				}
				return slurm(words)
			}
		}, "submit-covers"),
		patch("submit-drops-a-cell", "a task of several cells loses the last one", func(v *variant) {
			v.taskCells = func(own []experiment.Spec) ([]experiment.Spec, error) { return own[:max(1, len(own)-1)], nil }
		}, "submit-covers", "submit-queue"),
		patch("submit-unquoted", "file names stand in the scripts without quotes", func(v *variant) {
			v.submitGrid = func(own implaws.Submitter, r submitRequest) (sweep.Submission, error) {
				s, err := r.of(own)
				if err != nil {
					return s, err
				}
				name := filepath.Join(s.Folder, "array.sh")
				text, err := os.ReadFile(name)
				if err != nil {
					return s, err
				}
				return s, os.WriteFile(name, []byte(strings.ReplaceAll(string(text), "'", "")), 0o600)
			}
		}, "submit-scripts"),
		asks("submit-one-processor", "the processors that are asked for are not passed on", func(r *submitRequest) {
			r.resources.CPUs = min(r.resources.CPUs, 1)
		}, "submit-scripts"),
		patch("submit-larger-chunks", "a chunk that is too small is replaced by a larger one", func(v *variant) {
			v.submitGrid = func(own implaws.Submitter, r submitRequest) (sweep.Submission, error) {
				s, err := r.of(own)
				if err != nil && r.resources.Chunk > 0 {
					r.resources.Chunk = 0
					return r.of(own)
				}
				return s, err
			}
		}, "submit-limits"),
		asks("submit-forgives-words", "words that Slurm would not read are left out", func(r *submitRequest) {
			for _, word := range []*string{&r.resources.Partition, &r.resources.Account, &r.resources.Memory} {
				if strings.ContainsAny(*word, " \n'$;-ä") {
					*word = ""
				}
			}
		}, "submit-refusals"),
		asks("submit-own-template", "the default script is used whatever the template", func(r *submitRequest) {
			r.resources.Template = ""
		}, "submit-template"),
		patch("submit-queue-from-zero", "the queue's tasks are taken to count from 0", func(v *variant) {
			v.queued = func(own implaws.Submitter, file, folder string, slurm implaws.Answer) ([]bool, error) {
				return own.Queued(file, folder, func(words []string) (string, error) {
					text, err := slurm(words)
					var lines []string
					for line := range strings.Lines(text) {
						var job, task int
						if n, _ := fmt.Sscanf(line, "%d_%d", &job, &task); n == 2 {
							lines = append(lines, fmt.Sprintf("%d_%d\n", job, task+1))
						}
					}
					return strings.Join(lines, ""), err
				})
			}
		}, "submit-queue"),
	}
}

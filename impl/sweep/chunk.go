package sweep

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"causalgrad/impl/durable"
	"causalgrad/impl/experiment"
)

// maxTasks bounds the tasks of a job array: Slurm's default MaxArraySize.
const maxTasks = 1000

// chunks deals the cells out to as few tasks as the chunk size allows, long
// and short cells evenly.
func chunks(cells []Cell, size int) ([][]Cell, error) {
	if size == 0 {
		size = (len(cells)-1)/maxTasks + 1
	}
	tasks := (len(cells)-1)/size + 1
	if tasks > maxTasks {
		return nil, fmt.Errorf("--chunk %d: %d tasks for %d cells, want at most %d; --chunk %d or more", size, tasks, len(cells), maxTasks, (len(cells)-1)/maxTasks+1)
	}
	all := make([][]Cell, tasks)
	for k := range all {
		all[k] = Shard{k + 1, tasks}.Cells(cells)
	}
	return all, nil
}

// writeChunks writes one line for each task: its specs as a JSON list. A task
// needs nothing else, so the sweep file may change while jobs wait.
func writeChunks(name string, all [][]Cell) error {
	var buffer bytes.Buffer
	for _, cells := range all {
		specs := make([]experiment.Spec, len(cells))
		for i, c := range cells {
			specs[i] = c.Spec
		}
		text, err := json.Marshal(specs)
		if err != nil {
			return fmt.Errorf("chunks %s: %w", name, err)
		}
		buffer.Write(append(text, '\n'))
	}
	return durable.WriteFile(name, buffer.Bytes())
}

// readChunks reads what writeChunks wrote; task k has entry k-1.
func readChunks(name string) ([][]Cell, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all [][]Cell
	for text := range bytes.Lines(data) {
		cells, err := decodeChunk(text)
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", name, len(all)+1, err)
		}
		all = append(all, cells)
	}
	return all, nil
}

func decodeChunk(text []byte) ([]Cell, error) {
	var specs []experiment.Spec
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&specs); err != nil {
		return nil, fmt.Errorf("want a list of specs: %w", err)
	}
	cells := make([]Cell, len(specs))
	for i, s := range specs {
		hash, err := s.Hash()
		if err != nil {
			return nil, err
		}
		cells[i] = Cell{Index: i, Spec: s, Hash: hash}
	}
	return cells, nil
}

// ReadChunk is the cells of task k (from 1) of a job array.
func ReadChunk(name string, k int) ([]Cell, error) {
	all, err := readChunks(name)
	if err != nil {
		return nil, err
	}
	if k < 1 || k > len(all) {
		return nil, fmt.Errorf("task %d: %s has the tasks 1 to %d", k, name, len(all))
	}
	return all[k-1], nil
}

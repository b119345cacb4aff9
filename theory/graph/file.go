package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// maxFileSize bounds a graph file: far above MaxSequenceLength positions.
const maxFileSize = 16 << 20

// readFile reads a graph from a file: .dot and .gv are Graphviz graphs, .edges
// are edge lists, anything else is JSON. length, unless 0, is the sequence
// length that edge lists and DOT files leave open when their last positions are
// roots.
func readFile(name string, length int) (Graph, error) {
	data, err := readBounded(name)
	if err != nil {
		return nil, fileError(name, err)
	}
	var g Graph
	switch strings.ToLower(filepath.Ext(name)) {
	case ".dot", ".gv":
		g, err = parseDOT(data, length)
	case ".edges":
		g, err = parseEdges(data, length)
	default:
		g, err = parseJSON(data)
	}
	if err != nil {
		return nil, fileError(name, err)
	}
	return g, nil
}

func readBounded(name string) ([]byte, error) {
	if name == "" {
		return nil, errors.New("no file name given")
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileSize {
		return nil, fmt.Errorf("want a file of at most %d bytes", maxFileSize)
	}
	return os.ReadFile(name)
}

// parseJSON reads {"parents":[...]}, {"dag":[[...]]}, or either list alone.
func parseJSON(data []byte) (Graph, error) {
	var object struct {
		Parents []int   `json:"parents"`
		DAG     [][]int `json:"dag"`
	}
	var parents []int
	var lists [][]int
	switch {
	case json.Unmarshal(data, &parents) == nil:
		object.Parents = parents
	case json.Unmarshal(data, &lists) == nil:
		object.DAG = lists
	default:
		if err := json.Unmarshal(data, &object); err != nil {
			return nil, fmt.Errorf("want {\"parents\": [...]} or {\"dag\": [[...]]}: %w", err)
		}
	}
	switch {
	case object.Parents != nil && object.DAG != nil:
		return nil, errors.New("has both \"parents\" and \"dag\", want one")
	case object.DAG != nil:
		return asGraph(NewDAG(object.DAG))
	case object.Parents != nil:
		return asGraph(NewForest(object.Parents))
	}
	return nil, errors.New("has neither \"parents\" nor \"dag\"")
}

// asGraph keeps a failed constructor's zero value out of the interface.
func asGraph[G Graph](g G, err error) (Graph, error) {
	if err != nil {
		return nil, err
	}
	return g, nil
}

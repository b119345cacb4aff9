package markov

import "fmt"

// FileMatrices lists the transition matrices that a prior read from its file
// (ReadsFile), a chain as often as it counts; nil for a prior that read none.
func FileMatrices(p Prior) [][][]float64 {
	var chains []*Chain
	switch p := p.(type) {
	case Point:
		chains = p.Support()
	case *Orbit:
		if ReadsFile(p.String()) {
			chains = p.Bases()
		}
	case *Sampled:
		chains = p.Support()
	}
	var matrices [][][]float64
	for _, c := range chains {
		rows := make([][]float64, c.Tokens())
		for a := range rows {
			rows[a] = append([]float64(nil), c.Flat()[a*c.Tokens():(a+1)*c.Tokens()]...)
		}
		matrices = append(matrices, rows)
	}
	return matrices
}

// FromMatrices is the prior of a text that reads a file, with the file's
// matrices given: ReadPrior without the file.
func FromMatrices(text string, matrices [][][]float64) (Prior, error) {
	kind, name, ok := inFile(text)
	if !ok {
		return nil, fmt.Errorf("prior %s: reads no file, but matrices are given", quoted(text))
	}
	all, err := NewSampled(matrices, name)
	if err == nil && len(all.support) > 1 && (kind == "point:" || kind == "orbit:") {
		err = fmt.Errorf("%d matrices, want one", len(all.support))
	}
	if err != nil {
		return nil, fmt.Errorf("prior %s: %w", quoted(text), err)
	}
	switch kind {
	case "point:":
		return Point{Chain: all.support[0], Name: name}, nil
	case "orbit:":
		return NewOrbits(all.support, name)
	case "orbit:@":
		return NewOrbits(all.support, "@"+name)
	}
	return all, nil
}

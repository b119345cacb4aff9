package graphfile

import "errors"

// refused is the reader of a format that is known and not read: it says how another
// program converts it.
func refused(how string) reader {
	return func(string, Options) (Reading, error) { return Reading{}, errors.New(how) }
}

var (
	pajek   = refused(`Pajek is not read: in Python networkx.write_graphml(networkx.DiGraph(networkx.read_pajek("g.net")), "g.graphml")`)
	bif     = refused(`BIF is not read: in Python networkx.write_gml(pgmpy.readwrite.BIFReader("g.bif").get_model(), "g.gml"), in R write.csv(arcs(read.bif("g.bif")), "g.csv")`)
	bnlearn = refused(`a bnlearn model string is not read: in R write.csv(arcs(model2network(text)), "g.csv")`)
	lgl     = refused(`LGL holds undirected graphs: want edges from parent to child`)
	graph6  = refused(`graph6 and sparse6 hold undirected graphs: want edges from parent to child`)
)

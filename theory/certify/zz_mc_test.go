package certify
import ("testing";"fmt";"sort";"causalgrad/theory/stream";"causalgrad/theory/markov";"causalgrad/theory/chisq")
func TestMC(t *testing.T){
 s:=stream.New(stream.Key{Seed:1}); var h []float64
 for range 100000 { rows:=[][]float64{make([]float64,3),make([]float64,3),make([]float64,3)}
  for _,r:=range rows {s.Dirichlet(1,r)}
  c,_:=markov.NewChain(rows); k:=chisq.NewKernel(c); h=append(h,k.Signal(0,1)-k.Signal(0,0))}
 sort.Float64s(h); pos:=0; a,b:=0,0
 for _,x:=range h { if x>0 {pos++}; if x<.05&&x> -.05 {a++}; if x<.1&&x> -.1 {b++}}
 fmt.Println(float64(pos)/1e5,a,b,h[1000],h[5000],h[10000],h[25000],h[50000],h[75000],h[90000])
}

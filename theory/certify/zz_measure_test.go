package certify
import ("testing";"fmt";"time";"causalgrad/theory/graph";"os";"strconv")
func TestMeasure(t *testing.T){
 if os.Getenv("MEASURE")=="" {t.Skip("x")}
 n,_:=strconv.Atoi(os.Getenv("MEASURE"))
 ch,_:=graph.Chain(6); icl,_:=graph.ICL(6)
 for name,f:=range map[string]graph.Forest{"chain":ch,"manual":graph.Manual(),"icl":icl}{
 for _,self:=range []bool{false,true}{ for _,orbit:=range []bool{false,true}{ for _,direct:=range []bool{false,true}{
  s:=time.Now(); m,err:=Certify(Region{Forest:f,Tokens:2,Self:self,Orbit:orbit,Direct:direct,MinWidth:0x1p-9,MaxCells:1<<20}); if err!=nil{t.Fatal(err)}
  fmt.Println("S=2",name,"self",self,"orbit",orbit,"direct",direct,m.Certified,m.Refuted,m.Undecided,m.Certified+m.Refuted+m.Undecided,m.Evaluated,len(m.Cells),time.Since(s))
 }}}}
 for _,c:=range []struct{self,orbit,direct bool; k int}{{false,false,false,1},{true,false,false,1},{true,true,false,1},{false,false,true,8},{true,false,true,8}}{
  s:=time.Now(); m,err:=Certify(Region{Forest:ch,Tokens:3,Self:c.self,Orbit:c.orbit,Direct:c.direct,MinWidth:0x1p-8,MaxCells:n/c.k}); if err!=nil{t.Fatal(err)}
  fmt.Println("S=3 chain",c,m.Certified,m.Refuted,m.Undecided,m.Certified+m.Refuted+m.Undecided,m.Evaluated,time.Since(s))
 }
}

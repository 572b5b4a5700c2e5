package stories
import ("testing";"carechat/local/machine";"time")
func TestZ(t *testing.T){ h:=start(t,machine.Config{}); h.machine.SetStream(false); a:=time.Now(); h.run(t,"story"); t.Log(time.Since(a)); for range 3 { a=time.Now(); h.run(t,"story"); t.Log(time.Since(a))} }

package rights

import (
	"testing"

	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
)

// keepUp has upkeep look at a task and a thread that may be late, and again when they
// are answered, and hand over what a disabled care manager owns. A colleague tries to mark
// the thread read, which she could if it were late.
func (d *driver) keepUp(t *testing.T) {
	t.Helper()
	member := town.At(d.Client(t)).NewMember("uma")
	request := apiclient.Answer{Body: member.Submit("rights-of-upkeep-1").Body}.Text("url")
	thread := member.Start()
	member.Self.Want(201, "POST", thread+"/messages", town.MessageBody("rights-of-upkeep-2", "Hello Sam"))
	member.Chen.Want(404, "PUT", thread+"/read", `{"seq": 2}`)
	member.Platform.PutCareManager("cm-uma", town.Department, true)
	member.Platform.Enroll("uma", town.Second, "cm-uma")
	member.Platform.PutCareManager("cm-uma", town.Department, false)
	d.HurryUpkeep(t)
	d.RunUpkeep(t)
	member.Rivera.Want(200, "PUT", thread+"/read", `{"seq": 2}`)
	member.Rivera.Want(200, "POST", request+"/close", `{"outcome": "answered"}`)
	d.HurryUpkeep(t)
	d.RunUpkeep(t)
}

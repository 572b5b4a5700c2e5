package rights

import (
	"regexp"
	"strings"
	"testing"

	"carechat/tests/support/module"
	"carechat/tests/support/town"
)

var confirmation = regexp.MustCompile(`http\S+Action=ConfirmSubscription\S+`)

// notifyAna sends ana a notice on each of her channels, lets her say STOP and START,
// and takes her address away.
func (d *driver) notifyAna(t *testing.T) {
	t.Helper()
	api := d.Client(t)
	harbor, ana := town.At(api), api.As("member", "harbor", "ana")
	harbor.Platform.NotifyAtOnce()
	d.RunSchedule(t)
	confirm := api
	confirm.API = confirmation.FindString(strings.Join(d.TextsTo(t, "ana@example.org"), "\n"))
	confirm.Want(200, "GET", "", nil)

	ana.Want(200, "PUT", "/v1/members/ana/preferences", `{"channels": ["sms", "email"]}`)
	ana.Want(200, "GET", "/v1/members/ana/preferences", nil)
	harbor.Rivera.Want(201, "POST", "/v1/members/ana/threads", town.FirstMessageBody(town.Program, "rights-are-used-1", "Hello Ana"))
	d.RunSchedule(t)
	for _, paused := range []string{`{"paused": true}`, `{"paused": false}`} {
		ana.Want(200, "PUT", "/v1/members/ana/enrollments/diabetes/pause", paused)
	}
	event := string(module.Read(t, "functions/keyword/event.json"))
	d.invoke(t, "keyword", []byte(event))
	for _, later := range []*strings.Replacer{
		strings.NewReplacer("Stop, please!", "START", "cae173d2", "cae173d3", ":00.000Z", ":09.000Z"),
		strings.NewReplacer("Stop, please!", "Where are you?", "cae173d2", "cae173d4", ":00.000Z", ":18.000Z"), // is answered
	} {
		d.invoke(t, "keyword", []byte(later.Replace(event)))
	}

	profile := harbor.Platform.Want(200, "GET", "/v1/members/ana", nil).Body
	delete(profile, "email")
	harbor.Platform.Want(200, "PUT", "/v1/members/ana", profile)
	d.RunSchedule(t)
}

// chooseAddressWithoutMailbox lets a member choose an address that was stored without a mailbox.
func (d *driver) chooseAddressWithoutMailbox(t *testing.T) {
	t.Helper()
	const email = "gus@example.org"
	member := town.At(d.Client(t)).NewMember("gus", town.Email(email))
	d.DeleteMailbox(t, email)
	member.Self.Want(200, "PUT", "/v1/members/me/preferences", `{"channels": ["email"]}`)
}

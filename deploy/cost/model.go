package main

// The month that is counted: a member is notified four times, asks for two links, and opens the app on ten days.
const (
	members        = 1000
	textsPerMember = 6.0
	minutes        = 30 * 24 * 60
)

// operations says how often a member, or a care manager for that member, does each operation in a month. row is the
// operation's name in docs/table.md; called says that it is a call of the API, not a function's own work.
var operations = []struct {
	row       string
	perMember float64
	called    bool
}{
	{"ask for a link", 2, true},
	{"log in (two members share the phone)", 2, true},
	{"Chats screen, unread dot (20 threads, 3 enrollments, 1 request)", 100, true}, // ten days of polls
	{"a page of 50 messages", 20, true},
	{"request form", 1, true},
	{"make a request", 1, true},
	{"close a request", 1, true},
	{"send by a care manager, a later spell's first", 4, true},
	{"send by the member, the care side begins to wait", 4, true},
	{"mark read by the member, the care side waits", 4, true},
	{"mark read by a care manager, the wait ends", 4, true},
	{"inbox of a care manager with one department", 40, true},
	{"tasks of a care manager", 40, true},
	{"notify a member of one thread by text", 4, false},
	{"look for what is due, in one of 8 shards of a lane", 2 * 8 * minutes / members, false}, // two lanes
}

// AWS's prices in us-east-1, in US dollars, without any free tier. Texts are to the United States, with the carriers' fees.
const (
	perText     = 0.0083
	perCall     = 1.00 / 1e6
	perRequest  = 0.20 / 1e6
	perGBSecond = 0.0000133334 // arm64
	perRead     = 0.125 / 1e6
	perWrite    = 0.625 / 1e6
	perLogged   = 0.50
	perAlarm    = 0.10
)

// What a call takes: 256 MB for this long, and its lines in the log.
const (
	gigabytes    = 0.25
	milliseconds = 20
	bytesPerCall = 1500
)

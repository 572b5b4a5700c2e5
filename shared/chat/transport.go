package chat

import "errors"

// The errors of a transport that did not take a message. After any other error of
// a transport nothing was sent, and a later try may help.
var (
	// ErrOptedOut means that the owner of the address wants no messages (N7).
	ErrOptedOut = errors.New("sns: opted out")
	// ErrInvalid means that there is no such address, however often it is tried.
	ErrInvalid = errors.New("sns: no such address")
	// ErrUnsure means that no answer came: the message may have been sent.
	ErrUnsure = errors.New("sns: no answer")
	// ErrThrottled means that the transport takes no more messages just now.
	ErrThrottled = errors.New("sns: throttled")
	// ErrBusy means that the transport cannot be reached, or is down.
	ErrBusy = errors.New("sns: unavailable")
)

package api

import "strconv"

func requestURL(m, r string) string { return "/v1/members/" + m + "/chat-requests/" + r }
func threadURL(m, t string) string  { return "/v1/members/" + m + "/threads/" + t }

// MessageURL returns the URL of the page that begins with a message.
func MessageURL(member, thread string, seq int) string {
	return threadURL(member, thread) + "/messages?after=" + strconv.Itoa(seq-1)
}

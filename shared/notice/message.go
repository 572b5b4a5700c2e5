package notice

import (
	"embed"
	"path"
	"strings"

	"carechat/shared/chat"
)

// The templates of all messages, in a folder per language. They have two slots and no
// others: {organization}, its short name, and {link} (N6).
//
//go:embed words
var templates embed.FS

// fallback is for a member whose own language has no templates.
const fallback = "en"

// template returns the text of a file, in the member's language if it is there.
func template(language, file string) string {
	text, err := templates.ReadFile(path.Join("words", language, file))
	if err != nil {
		text, _ = templates.ReadFile(path.Join("words", fallback, file))
	}
	return string(text)
}

func fill(text, organization, link string) string {
	return strings.NewReplacer("{organization}", organization, "{link}", link).Replace(text)
}

// Message is what is sent on a channel. A text has no subject.
type Message struct{ Subject, Text string }

// News returns the message that something is to be read. A text is one GSM-7 part, at
// most 160 septets, for every setting that an organization can have. With stop it
// says how to stop such texts (N4).
func News(c chat.Channel, language, organization, link string, stop bool) Message {
	switch {
	case c == chat.Email:
		return Message{template(language, "subject.txt"), fill(template(language, "email.txt"), organization, link)}
	case stop:
		return Message{Text: fill(template(language, "text-stop.txt"), organization, link)}
	}
	return Message{Text: fill(template(language, "text.txt"), organization, link)}
}

// LinkAsked returns the message with a link that was asked for (S4). A text is one
// part, as in News.
func LinkAsked(c chat.Channel, language, organization, link string) Message {
	if c == chat.Email {
		return Message{template(language, "link-subject.txt"), fill(template(language, "link-email.txt"), organization, link)}
	}
	return Message{Text: fill(template(language, "link.txt"), organization, link)}
}

package notice

import (
	"embed"
	"path"
	"strings"

	"carechat/shared/chat"
)

// The words of every message, in a folder per language. They have two slots and
// no other: {organization}, its short name, and {link} (N6).
//
//go:embed words
var words embed.FS

// fallback is the language of a member whose own has no words.
const fallback = "en"

// spoken is the text in a file, in the language if it is known.
func spoken(language, file string) string {
	text, err := words.ReadFile(path.Join("words", language, file))
	if err != nil {
		text, _ = words.ReadFile(path.Join("words", fallback, file))
	}
	return string(text)
}

func filled(template, organization, link string) string {
	return strings.NewReplacer("{organization}", organization, "{link}", link).Replace(template)
}

// Message is what a channel carries. A text has no subject.
type Message struct{ Subject, Text string }

// News says that there is a message. A text is one GSM-7 part of at most 160
// septets for every setting that an organization can have; it says how to stop
// such texts if stop is set (N4).
func News(c chat.Channel, language, organization, link string, stop bool) Message {
	switch {
	case c == chat.Email:
		return Message{spoken(language, "subject.txt"), filled(spoken(language, "email.txt"), organization, link)}
	case stop:
		return Message{Text: filled(spoken(language, "text-stop.txt"), organization, link)}
	}
	return Message{Text: filled(spoken(language, "text.txt"), organization, link)}
}

// LinkAsked answers whoever asked for one (S4), in as few septets as News.
func LinkAsked(c chat.Channel, language, organization, link string) Message {
	if c == chat.Email {
		return Message{spoken(language, "link-subject.txt"), filled(spoken(language, "link-email.txt"), organization, link)}
	}
	return Message{Text: filled(spoken(language, "link.txt"), organization, link)}
}

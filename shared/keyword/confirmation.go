package keyword

import "embed"

// The words of every confirmation, in a folder per language.
//
//go:embed words
var words embed.FS

// Confirmation returns the text that confirms a keyword: one GSM-7 part, without
// any slot, for a phone belongs to no organization (N6). Notices of every language
// name STOP and START, so with language "" the text is in all of them.
func Confirmation(k Keyword, language string) string {
	if language == "" {
		return read("en", k) + " " + read("es", k)
	}
	return read(language, k)
}

func read(language string, k Keyword) string {
	file := map[Keyword]string{Stop: "stopped.txt", Start: "started.txt"}[k]
	text, _ := words.ReadFile("words/" + language + "/" + file) // a test reads each
	return string(text)
}

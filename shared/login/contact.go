package login

import (
	"carechat/shared/chat"
	"carechat/shared/problem"
)

func contactOf(given string) (string, error) {
	contact, ok := chat.Contact(given)
	if !ok {
		return "", problem.WithField("/contact", "format", "must be a phone number such as +15550100100, or one email address")
	}
	return contact, nil
}

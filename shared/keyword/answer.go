package keyword

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"carechat/shared/chat"
)

// MemberStore reads whose a phone is. Its reads are strongly consistent.
type MemberStore interface {
	// MembersWithPhone lists the members who have a phone, of each organization no more
	// than the limit.
	MembersWithPhone(ctx context.Context, phone string, limit int) ([]chat.MemberKey, error)
	Profile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error)
	Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error)
}

// answerEvery is how often a phone is told that nobody reads its texts.
const answerEvery = 24 * time.Hour

// maxOwners is how many members of an organization are looked at for an active one.
const maxOwners = 20

// answer tells whoever texted something else that nobody reads it, once in 24 hours, if
// the phone is an active member's and has not opted out. It keeps nothing of the text.
// It reports whether it answered, and an error if it could not find out.
func (h *Handler) answer(ctx context.Context, t Text) (answered bool, err error) {
	s, err := h.Store.PhoneState(ctx, t.Phone)
	if err != nil || s.IsOptedOut() || t.At.Sub(s.AnsweredAt) < answerEvery {
		return false, err
	}
	p, err := h.owner(ctx, t.Phone)
	if err != nil || p == nil {
		return false, err
	}
	catalog, err := h.Store.Catalog(ctx, p.Organization, false)
	if err != nil {
		return false, err
	}
	before := s.AnsweredAt
	s.AnsweredAt = t.At
	s.Version++
	if err := h.Store.SavePhoneState(ctx, t.Phone, s); err != nil {
		return false, chat.IgnoreConflict(err)
	}
	err = h.Send(ctx, t.Phone, NobodyReads(catalog.Organization, p.Language, h.PublicURL))
	if !errors.Is(err, chat.ErrThrottled) && !errors.Is(err, chat.ErrBusy) {
		return true, err
	}
	s.AnsweredAt = before // so that the repeat of the delivery answers
	s.Version++
	return false, errors.Join(err, chat.IgnoreConflict(h.Store.SavePhoneState(ctx, t.Phone, s)))
}

// owner returns the profile of an active member who has a phone; nil if nobody does.
func (h *Handler) owner(ctx context.Context, phone string) (*chat.Profile, error) {
	members, err := h.Store.MembersWithPhone(ctx, phone, maxOwners)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		p, err := h.Store.Profile(ctx, m)
		if err != nil || p != nil && p.Active && p.Phone == phone {
			return p, err
		}
	}
	return nil, nil
}

// onePart is how many characters of GSM-7's basic alphabet one text has.
const onePart = 160

// NobodyReads returns the text that says where to write, and the organization's line
// for emergencies. It is one part: without what does not fit, the emergency line
// first, then the name.
func NobodyReads(o chat.Organization, language, publicURL string) string {
	text, err := words.ReadFile("words/" + language + "/nobody-reads.txt")
	if err != nil {
		language = "en"
		text, _ = words.ReadFile("words/en/nobody-reads.txt")
	}
	link := publicURL
	if o.LinkURL != "" {
		link = o.LinkURL
	}
	fill := func(emergency string) string {
		return plain(strings.TrimSpace(strings.NewReplacer("{organization}", o.ShortName, "{link}", link, "{emergency}", emergency).Replace(string(text))))
	}
	short := shortEmergency[language]
	if slices.ContainsFunc(o.Countries, func(code string) bool { return code != "+1" }) {
		short = emergencyAnywhere[language]
	}
	for _, emergency := range []string{o.In(o.Emergency, language), short} {
		if filled := fill(emergency); len(filled) <= onePart {
			return filled
		}
	}
	return fill("")
}

// shortEmergency stands for a line that does not fit, where all phones are in countries
// whose number is 911.
var shortEmergency = map[string]string{"en": "In an emergency call 911.", "es": "En una emergencia llame al 911."}

// emergencyAnywhere does where some are not.
var emergencyAnywhere = map[string]string{"en": "In an emergency call emergency services.", "es": "En una emergencia llame a emergencias."}

// plain returns a text in characters of GSM-7's basic alphabet that are one septet
// each: without accents, and without any other sign.
func plain(text string) string {
	text = withoutAccents.Replace(strings.NewReplacer("Á", "A", "É", "E", "Í", "I", "Ó", "O", "Ú", "U", "Ñ", "N", "’", "'", "\n", " ").Replace(text))
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > 'z' || strings.ContainsRune("`[]\\^", r) {
			return -1
		}
		return r
	}, text)
}

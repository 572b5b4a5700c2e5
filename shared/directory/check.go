package directory

import (
	"maps"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// NotGiven is the value of a number that a body lacks.
const NotGiven = math.MinInt

// The bounds of what is provisioned.
const (
	maxName      = 100
	maxWords     = 1000
	maxRefs      = 100
	maxSubjects  = 10
	maxSubject   = 255
	maxIssuer    = 300
	maxHolidays  = 366
	maxCountries = 50
	maxLinkURL   = 60
	maxShortName = 20

	// maxDepartments keeps what changes with a care manager in one transaction of
	// at most 100 rows: these departments, those before, and twice the subjects.
	maxDepartments = 30
)

// Languages are the languages of pages and notices.
var Languages = []string{"en", "es"}

// The patterns are compiled on first use.
var (
	countryPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\+[1-9]\d{0,3}$`) })
	// Some issuers name their own claims by URLs.
	claimPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_:/.-]{1,100}$`) })
	zonePattern  = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(UTC|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Canada|Etc|Europe|Indian|Pacific|US)(/[A-Za-z0-9_+-]{1,30}){1,2})$`)
	})
	// linkPattern allows what fits in a text and needs no escaping in a page.
	linkPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^https://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._/-]*)?$`)
	})
)

// gsmBasic and gsmExtended are the printable characters of GSM 03.38. An extended
// one counts twice.
const (
	gsmBasic = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡" +
		"ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "^{}\\[~]|€"
)

// checks collects what is wrong with a body.
type checks struct{ problem.Fields }

// that notes a failure unless holds.
func (f *checks) that(holds bool, pointer, code, detail string) {
	if !holds {
		f.Add(pointer, code, detail)
	}
}

// given reports whether there is a value; it notes a missing one.
func (f *checks) given(pointer, value string) bool {
	f.that(value != "", pointer, "required", "must be given")
	return value != ""
}

func (f *checks) id(pointer, id string) { chat.CheckID(&f.Fields, pointer, id) }

// line checks one line of text, in which there is something to see.
func (f *checks) line(pointer, value string, most int) {
	if strings.ContainsAny(value, "\n\t") {
		f.Add(pointer, "control-character", "no control characters")
		return
	}
	f.prose(pointer, value, most)
}

func (f *checks) prose(pointer, value string, most int) {
	switch {
	case !f.given(pointer, value):
	case utf8.RuneCountInString(value) > most:
		f.Add(pointer, "too-long", "at most "+strconv.Itoa(most)+" characters")
	case chat.HasControl(value):
		f.Add(pointer, "control-character", "no control characters")
	case !chat.HasVisible(value):
		f.Add(pointer, "empty", "must show something")
	}
}

func (f *checks) between(pointer string, n, low, high int) {
	if n == NotGiven {
		f.Add(pointer, "required", "must be given")
		return
	}
	f.that(low <= n && n <= high, pointer, "out-of-range", "must be "+strconv.Itoa(low)+" to "+strconv.Itoa(high))
}

func (f *checks) oneOf(pointer, value string, words ...string) {
	if f.given(pointer, value) {
		f.that(slices.Contains(words, value), pointer, "unknown", "must be one of "+strings.Join(words, ", "))
	}
}

// each checks a list of low to high items, which differ from each other.
func (f *checks) each(pointer string, items []string, low, high int, item func(pointer, value string)) {
	f.that(len(items) >= low, pointer, "too-few", "at least "+strconv.Itoa(low))
	f.that(len(items) <= high, pointer, "too-many", "at most "+strconv.Itoa(high))
	for i, value := range items[:min(len(items), high)] {
		at := pointer + "/" + strconv.Itoa(i)
		f.that(!slices.Contains(items[:i], value), at, "duplicate", "is in the list already")
		item(at, value)
	}
}

// refs checks a list of ids, of entries that exist.
func (f *checks) refs(pointer string, ids []string, low, high int, exists func(id string) bool) {
	f.each(pointer, ids, low, high, func(at, id string) { f.ref(at, id, exists) })
}

func (f *checks) ref(pointer, id string, exists func(id string) bool) {
	before := len(f.Fields)
	if f.id(pointer, id); len(f.Fields) == before {
		f.that(exists(id), pointer, "unknown", "does not exist")
	}
}

// translated notes each of the organization's languages that a text lacks.
func (f *checks) translated(pointer string, l chat.Labels, languages []string) {
	for _, language := range languages {
		if _, given := l[language]; !given && len(l) > 0 {
			f.Add(pointer+"/"+language, "required", "must be given: it is a language of the organization")
		}
	}
}

// texts checks one text in several languages. A failure never repeats the language,
// which is the caller's input.
func (f *checks) texts(pointer string, l chat.Labels, item func(pointer, value string)) {
	f.that(len(l) > 0, pointer, "required", "must be given in one language at least")
	for _, language := range slices.Sorted(maps.Keys(l)) {
		if !slices.Contains(Languages, language) {
			f.Add(pointer, "unknown", "must be in "+strings.Join(Languages, ", "))
			continue
		}
		item(pointer+"/"+language, l[language])
	}
}

func (f *checks) labels(pointer string, l chat.Labels) {
	f.texts(pointer, l, func(at, value string) { f.line(at, value, maxName) })
}

func (f *checks) words(pointer string, l chat.Labels) {
	f.texts(pointer, l, func(at, value string) { f.prose(at, value, maxWords) })
}

func (f *checks) language(pointer, value string) { f.oneOf(pointer, value, Languages...) }

func (f *checks) timeZone(pointer, value string) {
	if !f.given(pointer, value) {
		return
	}
	_, err := time.LoadLocation(value)
	f.that(err == nil && zonePattern().MatchString(value), pointer, "unknown", "must be a time zone of the IANA list, such as America/New_York, or UTC")
}

// date checks a real date, such as 2026-02-28.
func (f *checks) date(pointer, value string) (at time.Time) {
	if f.given(pointer, value) {
		var err error
		at, err = time.Parse(time.DateOnly, value)
		f.that(err == nil && !at.IsZero(), pointer, "invalid", "must be a date, YYYY-MM-DD") // some clients send the year 1 for none
	}
	return at
}

func (f *checks) hours(pointer string, h chat.QuietHours) { chat.CheckHours(&f.Fields, pointer, h) }

func (f *checks) country(pointer, value string) {
	if f.given(pointer, value) {
		f.that(countryPattern().MatchString(value), pointer, "invalid", "must be a calling code such as +1")
	}
}

// shortName checks the name in every text: at most 20 characters of GSM 03.38, of
// which extended ones count twice.
func (f *checks) shortName(pointer, value string) {
	f.line(pointer, value, maxShortName)
	septets := 0
	for _, r := range value {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			septets++
		case strings.ContainsRune(gsmExtended, r):
			septets += 2
		case !unicode.IsControl(r):
			f.Add(pointer, "invalid", "has a character that a text cannot hold (GSM-7)")
			return
		}
	}
	if septets > maxShortName && utf8.RuneCountInString(value) <= maxShortName {
		f.Add(pointer, "too-long", "at most 20 characters; ^{}[]~|\\ and € count twice")
	}
}

func (f *checks) linkURL(pointer, value string) {
	if value != "" {
		f.that(len(value) <= maxLinkURL, pointer, "too-long", "at most 60 characters")
		f.that(linkPattern().MatchString(value), pointer, "invalid", "must be a plain https URL")
	}
}

// webURL checks an http or https address that we call or compare.
func (f *checks) webURL(pointer, value string) {
	u, err := url.Parse(value)
	f.that(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(value) <= maxIssuer,
		pointer, "invalid", "must be an http or https URL")
}

// subjects checks a person's subjects: of this organization's issuers, each once (S5).
func (f *checks) subjects(pointer string, all []chat.Subject, issuers []chat.Issuer) {
	f.that(len(all) <= maxSubjects, pointer, "too-many", "at most 10")
	for i, s := range all[:min(len(all), maxSubjects)] {
		at := pointer + "/" + strconv.Itoa(i)
		own := slices.ContainsFunc(issuers, func(i chat.Issuer) bool { return i.Issuer == s.Issuer })
		f.that(!slices.Contains(all[:i], s), at, "duplicate", "is in the list already")
		f.that(own, at+"/issuer", "unknown", "is not an issuer of this organization")
		f.line(at+"/subject", s.Subject, maxSubject)
	}
}

package chat

import (
	"context"
	"testing"
	"time"
)

var spanish = Caller{Kind: Member, Organization: "harbor", ID: "ana", Language: "es"}

// A form's default is the program that is asked for, else that of the newest chat
// or request, else the first by name.
func TestTheFormsDefaultProgram(t *testing.T) {
	both := []Enrollment{enrolled("diabetes", EnrollmentActive), enrolled("heart", EnrollmentActive), enrolled("calls", EnrollmentActive)}
	talk := func(program string, hours int) Thread {
		return Thread{Program: Ref{ID: program}, State: ThreadActive, UpdatedAt: noon.Add(time.Duration(hours) * time.Hour)}
	}
	request := func(program string, hours int) Request {
		return Request{Program: Ref{ID: program}, State: Open, CreatedAt: noon.Add(time.Duration(hours) * time.Hour)}
	}
	for name, c := range map[string]struct {
		screen      MemberChats
		named, want string
	}{
		"nothing yet":                  {MemberChats{}, "", "diabetes"},
		"the one that is asked for":    {MemberChats{Threads: []Thread{talk("diabetes", 1)}}, "heart", "heart"},
		"one that is not offered":      {MemberChats{}, "calls", "diabetes"},
		"one that is none":             {MemberChats{}, "another", "diabetes"},
		"the newest chat":              {MemberChats{Threads: []Thread{talk("diabetes", 1), talk("heart", 2)}}, "", "heart"},
		"the newest request":           {MemberChats{Threads: []Thread{talk("diabetes", 1)}, Requests: []Request{request("heart", 2)}}, "", "heart"},
		"a chat newer than a request":  {MemberChats{Threads: []Thread{talk("heart", 3)}, Requests: []Request{request("diabetes", 2)}}, "", "heart"},
		"the newest request, ended":    {MemberChats{Ended: []EndedRequest{{request("heart", 1), noon.AddDate(0, 1, 0)}}}, "", "heart"},
		"a chat where nobody can ask":  {MemberChats{Threads: []Thread{talk("calls", 9)}}, "", "diabetes"},
		"an old chat, and one unasked": {MemberChats{Threads: []Thread{talk("heart", 1), talk("calls", 9)}}, "", "heart"},
	} {
		c.screen.Enrollments = both
		form, err := show(c.screen).RequestForm(t.Context(), ana, "me", c.named)
		if err != nil || form.Default != c.want || len(form.Programs) != 2 {
			t.Errorf("%s: %q, want %q (%v)", name, form.Default, c.want, err)
		}
	}
}

func TestTheFormSaysWhoWillGetTheRequest(t *testing.T) {
	mine := enrolled("heart", EnrollmentActive)
	mine.Owner = Owner{OwnedByCareManager, "cm-chen", "Lin Chen"}
	form, err := show(MemberChats{Enrollments: []Enrollment{mine}}).RequestForm(t.Context(), ana, "me", "")
	if err != nil || len(form.Programs) != 1 || form.Programs[0].Owner != mine.Owner {
		t.Errorf("%+v, %v", form.Programs, err)
	}
	if len(form.Reasons) != 1 || form.Reasons[0].ID != "symptoms" {
		t.Errorf("the reasons are %+v", form.Reasons)
	}
}

// A member sees a program's name in their language everywhere, and nobody else
// does.
func TestAMemberReadsProgramsInTheirLanguage(t *testing.T) {
	catalog := Catalog{Programs: map[string]Program{"heart": {ID: "heart", Name: "Heart Health", Names: Labels{"es": "Corazón sano"}}}}
	for want, reader := range map[string]Caller{"Corazón sano": spanish, "Heart Health": {Kind: Member, Language: "en"}} {
		if got := (names{reader: reader, catalog: catalog}).program(Ref{"heart", "Heart"}); got != (Ref{"heart", want}) {
			t.Errorf("%s %s reads %q, not %q", reader.Kind, reader.Language, got.Name, want)
		}
	}
	screen := show(MemberChats{
		Enrollments: []Enrollment{enrolled("heart", EnrollmentActive)},
		Requests:    []Request{{Program: Ref{ID: "heart"}}},
		Ended:       []EndedRequest{{Request{Program: Ref{ID: "heart"}}, noon.AddDate(0, 1, 0)}},
		Threads:     []Thread{{Program: Ref{ID: "heart"}, State: ThreadActive}},
	})
	screen.Store = inSpanish{screen.Store}
	chats, err := screen.Chats(t.Context(), spanish, "me")
	form, formErr := screen.RequestForm(t.Context(), spanish, "me", "")
	threads, threadsErr := screen.Threads(t.Context(), spanish, "me", ThreadActive)
	if err != nil || formErr != nil || threadsErr != nil {
		t.Fatal(err, formErr, threadsErr)
	}
	for where, got := range map[string]Ref{
		"a request": chats.Requests[0].Program, "what ended": chats.Ended[0].Program, "a thread": chats.Threads[0].Program,
		"the form": form.Programs[0].Ref, "the list of threads": threads[0].Program,
	} {
		if got.Name != "Corazón sano" {
			t.Errorf("%s says %q", where, got.Name)
		}
	}
}

// inSpanish is a store whose programs have a Spanish name.
type inSpanish struct{ ListStore }

func (s inSpanish) Catalog(ctx context.Context, organization string, fresh bool) (Catalog, error) {
	c, err := s.ListStore.Catalog(ctx, organization, fresh)
	for id, p := range c.Programs {
		p.Names = Labels{"es": "Corazón sano"}
		c.Programs[id] = p
	}
	return c, err
}

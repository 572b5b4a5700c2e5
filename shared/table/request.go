package table

import (
	"context"

	"carechat/shared/chat"
)

func requestFields(r *chat.Request) fields {
	return append(ownershipFields(&r.Ownership), fields{
		{"id", text(&r.ID)},
		{"member", ref(&r.Member)},
		{"program", ref(&r.Program)},
		{"reason", ref(&r.Reason)},
		{"comment", text(&r.Comment)},
		{"excerpt", text(&r.Excerpt)},
		{"state", text(&r.State)},
		{"createdAt", moment(&r.CreatedAt)},
		{"updatedAt", moment(&r.UpdatedAt)},
		{"dueAt", moment(&r.DueAt)},
		{"history", list(&r.History, entryFields)},
		{"outcome", text(&r.Outcome)},
		{"note", text(&r.Note)},
		{"version", number(&r.Version)},
	}...)
}

var (
	openRequestKind = kind{openPrefix, func(row item) any { return &OpenRequest{*readRequest(row)} }}
	requestKind     = kind{requestPrefix, func(row item) any { return readRequest(row) }}
)

// endedRequestFields leave out the comment, the note and the history: the screen
// reads this row each time it is polled.
func endedRequestFields(r *chat.EndedRequest) fields {
	return fields{
		{"id", text(&r.ID)},
		{"member", ref(&r.Member)},
		{"program", ref(&r.Program)},
		{"reason", ref(&r.Reason)},
		{"state", text(&r.State)},
		{"createdAt", moment(&r.CreatedAt)},
		{"updatedAt", moment(&r.UpdatedAt)},
		{"dueAt", moment(&r.DueAt)},
		{"outcome", text(&r.Outcome)},
		{"version", number(&r.Version)},
		{TTLAttribute, expiry(&r.ExpiresAt)},
	}
}

var endedRequestKind = kind{endedPrefix, func(row item) any {
	r := chat.EndedRequest{Request: chat.Request{Organization: keyOf(row).pk.organizationOf()}}
	return valueOf(row, r, endedRequestFields)
}}

// OpenRequest is a request in the row that is its enrollment's lock (G4).
type OpenRequest struct{ chat.Request }

func entryFields(e *chat.Entry) fields {
	return fields{
		{"at", moment(&e.At)}, {"action", text(&e.Action)}, {"by", text(&e.By)}, {"reason", ref(&e.Reason)}, {"why", text(&e.Why)},
	}
}

func keyFields(k *chat.KeyRecord) fields {
	return fields{
		{"request", text(&k.RequestID)}, {"body", text(&k.Body)}, {TTLAttribute, expiry(&k.ExpiresAt)},
	}
}

var keyRecordKind = kind{keyPrefix, func(row item) any { return readKeyRecord(row) }}

func readKeyRecord(row item) *chat.KeyRecord {
	return valueOf(row, chat.KeyRecord{Key: keyOf(row).sk.lastPart()}, keyFields)
}

func readRequest(row item) *chat.Request {
	return valueOf(row, chat.Request{Organization: keyOf(row).pk.organizationOf(), CheckAt: dueTime(row)}, requestFields)
}

// openRequestWrite saves an open request, which is new at version 1. Its key is its
// own lock: an enrollment has one (G4).
func openRequestWrite(r chat.Request) write {
	pk := memberKey(r.Key())
	f := requestFields(&r).work(r.Organization, r.Owner, taskSort(r))
	if r.Version == 1 { // later only upkeep changes when it looks: it moves no version
		return save(pk, openSort(r.Program.ID), f.due(UpkeepLane, pk, r.CheckAt), r.Version)
	}
	return save(pk, openSort(r.Program.ID), f, r.Version).of(r)
}

// of restricts a write to this request, at the version before: the next request in
// its program has the same key, and its versions begin anew.
func (w write) of(r chat.Request) write {
	return w.when(hasVersion+" AND id = :id", item{":was": numberOf(int64(r.Version - 1)), ":id": text(&r.ID).encode()})
}

// endRequestWrites take a request from the open ones to the ended ones (T9).
func endRequestWrites(r chat.Request) []write {
	r.Excerpt = "" // which only lists of tasks show
	pk := memberKey(r.Key())
	lock := remove(pk, openSort(r.Program.ID), r.Version-1).of(r)
	return []write{lock, put(pk, requestSort(r.ID), requestFields(&r)), lastEndedWrite(r)}
}

// lastEndedWrite puts a request that has ended where its member goes on seeing it,
// in place of the one before.
func lastEndedWrite(r chat.Request) write {
	ended := r.Ended()
	return put(memberKey(r.Key()), endedSort(r.Program.ID), endedRequestFields(&ended)).
		when(isAbsent+" OR updatedAt <= :updatedAt", item{":updatedAt": moment(&r.UpdatedAt).encode()})
}

// RequestIntent reads what making a request depends on, with one BatchGetItem.
func (t *Table) RequestIntent(ctx context.Context, m chat.MemberKey, programID, key string) (*chat.Enrollment, *chat.Request, *chat.KeyRecord, error) {
	pk := memberKey(m)
	rows, err := t.getAll(ctx,
		rowKey{pk, enrollmentSort(programID)}, rowKey{pk, openSort(programID)}, rowKey{pk, idempotencySort(key)})
	if err != nil {
		return nil, nil, nil, err
	}
	return readEnrollment(rows[0]), readRequest(rows[1]), readKeyRecord(rows[2]), nil
}

// FindRequest looks among the open requests, then among the ended ones: in that
// order it finds a request that ends meanwhile (T9). It returns nil if there is none.
func (t *Table) FindRequest(ctx context.Context, m chat.MemberKey, id string) (*chat.Request, error) {
	open, err := t.query(ctx, begins(memberKey(m), openPrefix))
	if err != nil {
		return nil, err
	}
	for _, row := range open {
		if r := readRequest(row); r.ID == id {
			return r, nil
		}
	}
	row, err := t.get(ctx, memberKey(m), requestSort(id))
	return readRequest(row), err
}

// CreateRequest saves a new request, the enrollment that it moves and its key's
// record, in one transaction. An expired record does not block (A2).
func (t *Table) CreateRequest(ctx context.Context, r chat.Request, e chat.Enrollment, k chat.KeyRecord) error {
	record := put(memberKey(r.Key()), idempotencySort(k.Key), keyFields(&k)).
		when(isAbsent+" OR "+placeholder(TTLAttribute)+" <= :now", item{":now": numberOf(t.now().Unix())})
	record.names = map[string]string{placeholder(TTLAttribute): TTLAttribute}
	return t.apply(ctx, enrollmentWrite(e), openRequestWrite(r), record)
}

// UpdateRequest saves an open request that builds on the version before it.
func (t *Table) UpdateRequest(ctx context.Context, r chat.Request) error {
	return t.apply(ctx, openRequestWrite(r))
}

// EndRequest takes a request from the open ones to the ended ones.
func (t *Table) EndRequest(ctx context.Context, r chat.Request) error {
	return t.apply(ctx, endRequestWrites(r)...)
}

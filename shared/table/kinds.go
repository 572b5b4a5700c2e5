package table

// Key is a row's place in the table or in an index.
type Key struct{ PK, SK string }

// kind is one kind of row. Each is declared beside the list of its attributes.
type kind struct {
	sort sort           // the rows' sort key, or how it begins
	read func(item) any // returns a pointer to what a row says
}

// kinds lists every kind of row, in the order of the grid.
var kinds = []*kind{
	&organizationKind, &programKind, &reasonKind, &departmentKind, &careManagerKind, &coverageKind, &attendanceKind,
	&enrollmentKind, &openRequestKind, &endedRequestKind, &threadKind, &profileKind, &preferencesKind, &limitsKind, &noticeStateKind, &mailboxKind,
	&noticeKind, &sessionKind, &requestKind, &keyRecordKind, &lateTaskKind, &lateThreadKind, &purgeKind,
	&messageKind, &sentKind,
	&contactKind, &owedLinkKind, &phoneStateKind,
	&linkKind,
	&issuerKind, &personKind,
	&askCountKind,
	&topicsKind,
	&sweepKind,
}

// Decode returns a pointer to what a row of any kind says: the type is in the grid. It returns nil if the row is of no known kind.
func Decode(row item) any {
	sk := keyOf(row).sk
	for _, k := range kinds {
		if sk.is(k.sort) {
			return k.read(row)
		}
	}
	return nil
}

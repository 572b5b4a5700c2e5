// Package table keeps the domain in one DynamoDB table. This grid is the whole
// of it; keys.go is the only file that knows how a key is spelled (T1).
//
//	PK                   SK                             what                            WORK                          DUE
//	ORG#o                SETTINGS                       the organization's settings
//	                     PROGRAM#p REASON#r             configuration
//	                     DEPARTMENT#d                   department, its disabled staff
//	                     CARE_MANAGER#c                 staff
//	ORG#o#MEMBER#m       CHAT#ENROLLMENT#p              owner, paused, threads          active: ENROLLMENT#m#p
//	                     CHAT#OPEN#p                    the open request, its own lock  TASK#<dueAt>#m#r
//	                     CHAT#THREAD#t                  the thread                      WAITING#<since>#m#t, else     notice, reminder
//	                                                                                    UNREAD#<since>#m#t
//	                     PROFILE                        name, birth date, contacts
//	                     PREFERENCES                    channels, quiet hours
//	                     LIMITS                         wrong birth dates; notices' ledger
//	                     EMAIL                          the mailbox to reach                                          what it owes
//	                     NOTICE#n                       a row of the why-log
//	                     SESSION#h                      a session, by its hash
//	                     REQUEST#r                      an ended request
//	                     KEY#k                          an Idempotency-Key
//	ORG#o#THREAD#m#t     MESSAGE#<seq>                  a message
//	                     SENT#<role>#<clientMessageId>  its client's id
//	CONTACT#h            ORG#o#MEMBER#m                 whose phone or address it is
//	                     ASKED                          a link asked for                                              the link owed
//	                     STATUS                         a phone's opt-out
//	LINK#h               LINK                           a link, by its hash
//	ISSUER#h             ORG                            whose issuer it is
//	                     SUBJECT#h                      who a subject is
//	IP#h                 ASKS                           links asked for from an address
//	TOPICS               COUNT                          how many topics emails go by
//
// WORK's partition is ORG#o#OWNER#<kind>#<id>; DUE's is DUE#<0-7>, sorted by time.
//
// Every write has a condition; what belongs together is one transaction (T2). A
// row with several writers carries a version: each save builds on the version
// that was read and moves it (T3); that of an open request names the request too,
// for the next one in its program takes its place. Rows are updated attribute by
// attribute, so that attributes of a later release survive an earlier one (T12).
// Maps inside a row are written whole: a release adds top-level attributes alone.
// An ended request is a new row and keeps what this release knows. The row of
// limits has two writers that do not disturb each other, each with a version of
// its own.
package table

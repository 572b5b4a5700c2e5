// Package table keeps the domain in one DynamoDB table. The grid below has every kind of row, one a line, with the Go type that Decode
// returns. keys.go is the only file that knows how a key is spelled (T1).
//
//	PK                   SK                             Go type              what                                   WORK                 DUE
//	ORG#o                SETTINGS                       chat.Organization    the organization's settings
//	                     PROGRAM#p                      chat.Program                                                                     handovers
//	                     REASON#r                       chat.Reason
//	                     DEPARTMENT#d                   chat.Department      with what is to be handed over to it
//	                     CARE_MANAGER#c                 chat.CareManagerRow                                                              handovers
//	                     COVERAGE#c#<coverage>          chat.CoverageMark    of which start and end the platform was told                upkeep
//	                     ATTENDANCE#d                   chat.Attendance      whether a department's work is seen                         upkeep
//	ORG#o#MEMBER#m       CHAT#ENROLLMENT#p              chat.Enrollment      owner, paused, count of threads        caseload
//	                     CHAT#OPEN#p                    table.OpenRequest    the open request, its own lock         tasks                upkeep
//	                     CHAT#ENDED#p                   chat.EndedRequest    the last request that ended, 30 days
//	                     CHAT#THREAD#t                  chat.Thread                                                 inbox                notices
//	                     PROFILE                        chat.Profile         name, birth date, contacts             members              upkeep
//	                     PREFERENCES                    chat.Preferences     channels, quiet hours
//	                     LIMITS                         login.Limits         wrong birth dates
//	                     NOTICE_STATE                   notice.State         the lease on a member, what was sent and what failed
//	                     EMAIL                          chat.Mailbox         the address's topic and subscription                        mailboxes
//	                     NOTICE#n                       chat.Notice          a row of the why-log
//	                     SESSION#h                      auth.Session         a session, by its hash
//	                     REQUEST#r                      chat.Request         an ended request
//	                     KEY#k                          chat.KeyRecord       an Idempotency-Key
//	                     LATE#TASK#p                    chat.LateMark        what is late, in its department's list         late                 upkeep
//	                     LATE#THREAD#t                  chat.LateMark
//	                     PURGE#t                        table.Purge          a thread that is gone, its messages not yet       upkeep
//	ORG#o#THREAD#m#t     MESSAGE#<seq>                  chat.Message
//	                     SENT#<role>#<clientMessageId>  table.Sent           where the client's message stands                           upkeep
//	CONTACT#h            ORG#o#MEMBER#m                 table.Contact        whose phone or address it is
//	                     ASKED                          login.OwedLink       a link asked for                                            links
//	                     STATUS                         chat.PhoneState      whether the phone has opted out
//	LINK#h               LINK                           login.Link           a link, by its hash
//	ISSUER#h             ORG                            auth.Issuer          whose issuer it is
//	                     SUBJECT#h                      chat.Person          who a subject is
//	IP#h                 ASKS                           login.AskCount       links asked for from an address
//	TOPICS#<0-15>        COUNT                          notice.Topics        how many topics emails go by
//	SWEEP                LEASE                          notice.Sweep         which run sends what is due
//
// The indexes are sparse: a row is in one while it has its keys. These are the lists that they serve, and who reads them.
//
//	list            index  PK                      SK                        rows                                     read by
//	tasks           WORK   ORG#o#OWNER#<kind>#<id>  TASK#<dueAt>#m#r          open requests, soonest due first         Tasks, TasksDue
//	inbox: waiting  WORK   ORG#o#OWNER#<kind>#<id>  WAITING#<since>#m#t       threads unread by the care side          OwnerThreads
//	inbox: unread   WORK   ORG#o#OWNER#<kind>#<id>  UNREAD#<since>#m#t        others unread by the member, past the    OwnerThreads
//	ByMember                                                                  reminder, in active enrollments
//	caseload        WORK   ORG#o#OWNER#<kind>#<id>  ENROLLMENT#m#p            active enrollments                       OwnerEnrollments, Owned
//	closed          WORK   ORG#o#OWNER#<kind>#<id>  CLOSED#m#p                closed enrollments, to be handed over    Owned
//	members         WORK   ORG#o#MEMBERS#<0-7>      MEMBER#<updatedAt>#m      profiles, for the platform to reconcile  Members
//	late            WORK   ORG#o#OWNER#department#d LATE_<as in the lists     what is late, whoever owns it            LateTasks, LateThreads
//	                                                above>
//	due             DUE    DUE#<lane>#<0-7>         <time>                    links to send; threads to notify of;     DueJobs
//	                                                                          addresses to subscribe
//	due             DUE    UPKEEP#<0-7>             <time>                    tasks and waiting threads that may be    DueJobs
//	                                                                          late, coverages that start or end,
//	                                                                          members to be renamed or erased,
//	                                                                          departments that nobody is in
//	due             DUE    UPKEEP#HANDOVERS#<0-7>   <time>                    what is to be handed over or deleted     DueJobs
//
// The member's screens need no index: chats and the unread dot are one Query of the table on the prefix CHAT#.
//
// Every write has a condition, and what belongs together is one transaction (T2). A row with several writers has a version: each save
// builds on the version that it read and moves it (T3). The condition on an open request names the request too, because the next one
// in its program takes its place. A save updates a row attribute by attribute, so that attributes of a later release survive an earlier
// one (T12). Maps inside a row are written whole, so a release adds top-level attributes only. An ended request is a new row and keeps
// what this release knows.
package table

package api

// LinkNew asks for a link.
type LinkNew struct {
	Contact string `json:"contact"`
}

// LogIn exchanges a link for a session. A missing link is a mistake of the caller's;
// an empty one is an unknown link.
type LogIn struct {
	Link      *string `json:"link"`
	BirthDate string  `json:"birthDate"`
}

// Session is a session that has begun. Its token is shown only here.
type Session struct {
	Token     string  `json:"token"`
	ExpiresAt Time    `json:"expiresAt"`
	Landing   Landing `json:"landing"`
}

// Landing is where a link leads: a thread, a request or home.
type Landing struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`
}

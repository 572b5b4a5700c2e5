package api

// LinkAsk asks for a link.
type LinkAsk struct {
	Contact string `json:"contact"`
}

// LogIn exchanges a link for a session. A link that is missing is a mistake, an
// empty one is an unknown link.
type LogIn struct {
	Link      *string `json:"link"`
	BirthDate string  `json:"birthDate"`
}

// Session is a log-in. The token is shown this once.
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

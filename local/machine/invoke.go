package machine

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// serveInvoke is Lambda's Invoke API: whoever reaches it may call any function.
func (m *Machine) serveInvoke(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAnswer))
	if err != nil {
		sendJSON(w, http.StatusRequestEntityTooLarge, map[string]string{"Type": "User", "message": err.Error()})
		return
	}
	name, _, _ := strings.Cut(r.PathValue("function"), ":")
	answer, err := m.Invoke(r.Context(), name, payload)
	var failed *FunctionError
	switch {
	case errors.Is(err, errUnknown):
		w.Header().Set("X-Amzn-ErrorType", "ResourceNotFoundException")
		sendJSON(w, http.StatusNotFound, map[string]string{"Type": "User", "Message": "Function not found: " + name})
		return
	case errors.As(err, &failed):
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		answer = failed.Payload
	case err != nil:
		w.Header().Set("X-Amzn-ErrorType", "TooManyRequestsException")
		sendJSON(w, http.StatusTooManyRequests, map[string]string{"Type": "User", "message": err.Error()})
		return
	}
	w.Header().Set("X-Amz-Executed-Version", "$LATEST")
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answer)
}

const repeatAfter = time.Second / 4 // Lambda takes a minute, then two

// invokeAndRepeat has a function work on an event for which nobody waits: a call
// that fails is repeated as often as the template says. Then the event is given
// up; it is a dead letter if the function has a place for them.
func (m *Machine) invokeAndRepeat(name string, payload []byte) {
	f := m.deployment.functions[name]
	for attempt, pause := 0, repeatAfter; ; attempt, pause = attempt+1, 2*pause {
		_, err := m.invokePatiently(m.ctx, name, payload)
		if err == nil || m.ctx.Err() != nil {
			return
		}
		if attempt == f.retries || errors.Is(err, errUnknown) {
			m.giveUp(DeadLetter{Function: name, Event: payload, Error: err.Error()}, f.keepsLetters)
			return
		}
		wait(m.ctx, pause)
	}
}

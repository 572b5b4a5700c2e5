package lambda

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"carechat/local/web"
)

// InvokeAPI returns Lambda's Invoke API at /2015-03-31/. Whoever reaches it may
// call any function.
func (s *Service) InvokeAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2015-03-31/functions/{function}/invocations", s.serveInvoke)
	return mux
}

func (s *Service) serveInvoke(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAnswer))
	if err != nil {
		web.JSON(w, http.StatusRequestEntityTooLarge, map[string]string{"Type": "User", "message": err.Error()})
		return
	}
	name, _, _ := strings.Cut(r.PathValue("function"), ":") // an alias or a version follows
	answer, err := s.Invoke(r.Context(), name, payload)
	var failed *FunctionError
	switch {
	case errors.Is(err, ErrUnknown):
		w.Header().Set("X-Amzn-ErrorType", "ResourceNotFoundException")
		web.JSON(w, http.StatusNotFound, map[string]string{"Type": "User", "Message": "Function not found: " + name})
		return
	case errors.As(err, &failed):
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		answer = failed.Payload
	case err != nil:
		w.Header().Set("X-Amzn-ErrorType", "TooManyRequestsException")
		web.JSON(w, http.StatusTooManyRequests, map[string]string{"Type": "User", "message": err.Error()})
		return
	}
	w.Header().Set("X-Amz-Executed-Version", "$LATEST")
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answer)
}

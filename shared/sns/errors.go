package sns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"strings"
	"sync/atomic"

	"github.com/aws/smithy-go"

	"carechat/shared/notice"
)

// What callers branch on, with errors.Is. Any other error says that nothing was
// sent and that a later try may help: SNS throttles, the month's money is spent,
// a key cannot be used, no connection was made.
var (
	// ErrOptedOut says that the owner of this number wants no texts (N7).
	ErrOptedOut = notice.ErrOptedOut
	// ErrInvalid says that this is no phone number, no address or no topic.
	ErrInvalid = notice.ErrInvalid
	// ErrUnsure says that no answer came: it may have been sent all the same.
	ErrUnsure = notice.ErrUnsure

	errUnsent = errors.New("sns: no connection")
)

// attempt is one call, watched for whether anything of it may have reached SNS.
type attempt struct{ connected atomic.Bool }

func (a *attempt) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { a.connected.Store(true) },
	})
}

// failed keeps the code of an error alone: messages repeat phone numbers,
// addresses and what was to be sent.
func (a *attempt) failed(err error) error {
	var api smithy.APIError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &api):
		return refusal(api)
	case !a.connected.Load() || isDial(err):
		return errUnsent
	default:
		return ErrUnsure
	}
}

// isDial is so of a call that took a connection from the pool, found it closed
// before the first byte, and could make no other.
func isDial(err error) bool {
	var network *net.OpError
	return errors.As(err, &network) && network.Op == "dial"
}

func refusal(err smithy.APIError) error {
	switch code := err.ErrorCode(); code {
	case "OptedOut", "OptedOutException":
		return ErrOptedOut
	case "InvalidParameter", "ParameterValueInvalid", "ValidationException", "NotFound":
		if strings.Contains(strings.ToLower(err.ErrorMessage()), "opted out") {
			return ErrOptedOut
		}
		return fmt.Errorf("%w: %s", ErrInvalid, code)
	case "UnknownError": // an answer, but not one of SNS
		return ErrUnsure
	default:
		return fmt.Errorf("sns: %s", code)
	}
}

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

	"carechat/shared/chat"
)

// The errors that callers branch on, with errors.Is. Any other error says that nothing was sent and that a later try may help: SNS
// is busy, the month's budget is spent, a key cannot be used, no connection was made.
var (
	// ErrOptedOut says that the owner of the number has opted out of texts (N7).
	ErrOptedOut = chat.ErrOptedOut
	// ErrInvalid says that the phone number, the address or the topic is invalid.
	ErrInvalid = chat.ErrInvalid
	// ErrUnsure says that no response came: the message may have been sent.
	ErrUnsure = chat.ErrUnsure

	errUnsent = fmt.Errorf("%w: no connection", chat.ErrBusy)
)

// attempt watches one call for whether any of it may have reached SNS.
type attempt struct{ connected atomic.Bool }

func (a *attempt) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { a.connected.Store(true) },
	})
}

// failed returns one of this package's errors for the SDK's. It keeps the code alone: messages repeat phone numbers, addresses and the
// text that was to be sent.
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

// isDial reports whether the call took a connection from the pool, found it closed before the first byte, and could make no other.
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
	case "Throttling", "ThrottlingException", "Throttled", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "KMSThrottling":
		return fmt.Errorf("%w: %s", chat.ErrThrottled, code)
	case "InternalError", "InternalErrorException", "InternalFailure", "ServiceUnavailable":
		return fmt.Errorf("%w: %s", chat.ErrBusy, code)
	case "UnknownError": // a response, but not one of SNS
		return ErrUnsure
	default:
		return fmt.Errorf("sns: %s", code)
	}
}

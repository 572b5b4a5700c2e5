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

var errUnsent = fmt.Errorf("%w: no connection", chat.ErrBusy)

// attempt watches one call for whether any of it may have reached SNS.
type attempt struct{ connected atomic.Bool }

func (a *attempt) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { a.connected.Store(true) },
	})
}

// failed returns chat's error for the SDK's. It keeps only the code: messages repeat phone numbers, addresses and the
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
		return chat.ErrUnsure
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
		return chat.ErrOptedOut
	case "InvalidParameter", "ParameterValueInvalid", "ValidationException", "NotFound":
		if strings.Contains(strings.ToLower(err.ErrorMessage()), "opted out") {
			return chat.ErrOptedOut
		}
		return fmt.Errorf("%w: %s", chat.ErrInvalid, code)
	case "Throttling", "ThrottlingException", "Throttled", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "KMSThrottling":
		return fmt.Errorf("%w: %s", chat.ErrThrottled, code)
	case "InternalError", "InternalErrorException", "InternalFailure", "ServiceUnavailable":
		return fmt.Errorf("%w: %s", chat.ErrBusy, code)
	case "UnknownError": // a response, but not one of SNS
		return chat.ErrUnsure
	default:
		return fmt.Errorf("sns: %s", code)
	}
}

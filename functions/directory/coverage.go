package main

import (
	"context"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
)

func (h handlers) coverages(ctx context.Context, c chat.Caller, in api.CoveragesOf) (apigw.Answer, error) {
	all, err := h.directory.Coverages(ctx, c, in.CareManagerID)
	return found(err, 0, api.NewCoverages(all))
}

func (h handlers) putCoverage(ctx context.Context, c chat.Caller, in api.CoveragePut) (apigw.Answer, error) {
	s, err := h.directory.PutCoverage(ctx, c, in.Put())
	return stored(err, s.Created, 0, api.NewCoverage(s.Entry))
}

func (h handlers) endCoverage(ctx context.Context, c chat.Caller, in api.CoverageRef) (apigw.Answer, error) {
	return apigw.Answer{Status: 204}, h.directory.EndCoverage(ctx, c, in.Ref())
}

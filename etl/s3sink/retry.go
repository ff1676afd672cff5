package s3sink

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	"github.com/cenkalti/backoff/v5"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/internal/sleep"
)

// retry makes one call, in several tries if need be.
func (s *Sink) retry(ctx context.Context, doing string, call func(context.Context) error) error {
	pause := &backoff.ExponentialBackOff{
		InitialInterval: s.config.MinPause, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: s.config.MaxPause,
	}
	for try := 1; ; try++ {
		attempt, cancel := context.WithTimeout(ctx, s.config.Timeout)
		err := call(attempt)
		cancel()
		if err == nil {
			s.budget.give()
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("s3sink: %s: %w", doing, ctx.Err())
		}
		mapped, again := s.classify(ctx, err)
		if errors.Is(mapped, etl.ErrExists) || errors.Is(mapped, etl.ErrNotFound) {
			s.budget.give()
		}
		if !again || try >= s.config.Attempts || !s.budget.take() {
			return s.describe(doing, mapped, try)
		}
		if !sleep.For(ctx, pause.NextBackOff()) {
			return fmt.Errorf("s3sink: %s: %w", doing, ctx.Err())
		}
	}
}

func (s *Sink) describe(doing string, err error, tries int) error {
	if errors.Is(err, etl.ErrExists) || errors.Is(err, etl.ErrNotFound) {
		return err
	}
	if tries > 1 {
		return fmt.Errorf("s3sink: %s in bucket %s, %d tries: %w", doing, s.config.Bucket, tries, err)
	}
	return fmt.Errorf("s3sink: %s in bucket %s: %w", doing, s.config.Bucket, err)
}

// Codes of errors, from the API reference of Amazon S3.
var permanent = map[string]string{
	"NoSuchBucket":                       "there is no such bucket: check its name and region",
	"AccessDenied":                       "access denied: the role needs s3:PutObject, s3:GetObject and s3:ListBucket, and kms:GenerateDataKey and kms:Decrypt with a KMS key",
	"AllAccessDisabled":                  "access to the bucket is disabled",
	"InvalidAccessKeyId":                 "the access key is unknown: check AWS_ACCESS_KEY_ID or the profile",
	"SignatureDoesNotMatch":              "the secret key is wrong: check AWS_SECRET_ACCESS_KEY or the profile",
	"ExpiredToken":                       "the session token has expired",
	"InvalidToken":                       "the session token is invalid",
	"PermanentRedirect":                  "the bucket is in another region: check AWS_REGION",
	"AuthorizationHeaderMalformed":       "the bucket is in another region: check AWS_REGION",
	"IllegalLocationConstraintException": "the bucket is in another region: check AWS_REGION",
	"NotImplemented":                     "the store lacks something that was asked for: a checksum, encryption (MinIO needs MINIO_KMS_SECRET_KEY for it) or a tag; see Config.Checksum, BucketEncryption and Tag",
	"KMS.NotFoundException":              "there is no such KMS key",
	"KMS.DisabledException":              "the KMS key is disabled",
	"InvalidArgument":                    "the store refuses an argument: see Config.Checksum, BucketEncryption and Tag",
	"MissingSecurityHeader":              "the store misses a header that a bucket policy asks for",
}

const notFound = "the store answered not found, and doesn't say that it is the key: check AWS_ENDPOINT_URL_S3 and AWS_ACCESS_KEY_ID"

// answered says whether an error is the store's own word.
func answered(err error) bool {
	var response *awshttp.ResponseError
	return errors.As(err, &response) && response.HTTPStatusCode() != 0
}

// isTaken says whether the store refused a put since its key is taken.
func isTaken(err error) bool {
	var api smithy.APIError
	var response *awshttp.ResponseError
	return errors.As(err, &api) && api.ErrorCode() == "PreconditionFailed" ||
		errors.As(err, &response) && response.HTTPStatusCode() == http.StatusPreconditionFailed
}

// classify maps the error of one try and says whether to try again.
func (s *Sink) classify(ctx context.Context, err error) (mapped error, again bool) {
	if errors.Is(err, etl.ErrExists) || isTaken(err) {
		return etl.ErrExists, false
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		switch code := api.ErrorCode(); code {
		case "NoSuchKey", "NoSuchVersion":
			return etl.ErrNotFound, false
		case "ConditionalRequestConflict", "OperationAborted", "SlowDown", "RequestTimeout", "InternalError",
			"ServiceUnavailable", "ThrottlingException", "BadDigest", "XAmzContentChecksumMismatch", "RequestTimeTooSkewed", "IncompleteBody":
			return fmt.Errorf("the store answered %s", code), true
		default:
			if hint, ok := permanent[code]; ok {
				return fmt.Errorf("%w: %s (%s)", etl.ErrPermanent, hint, code), false
			}
		}
	}
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		switch status := response.HTTPStatusCode(); {
		case status == http.StatusNotFound: // not of the key: of the user (versitygw), or of a server that is no store
			return fmt.Errorf("%w: %s (HTTP %d)", etl.ErrPermanent, notFound, status), false
		case status == http.StatusForbidden, status == http.StatusUnauthorized:
			return fmt.Errorf("%w: %s (HTTP %d)", etl.ErrPermanent, permanent["AccessDenied"], status), false
		case status == http.StatusMovedPermanently:
			return fmt.Errorf("%w: %s (HTTP %d)", etl.ErrPermanent, permanent["PermanentRedirect"], status), false
		case status == http.StatusNotImplemented:
			return fmt.Errorf("%w: %s (HTTP %d)", etl.ErrPermanent, permanent["NotImplemented"], status), false
		case status == http.StatusConflict, status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= 500:
			return fmt.Errorf("the store answered HTTP %d", status), true
		case status >= 400:
			return fmt.Errorf("the store answered HTTP %d: %w", status, err), false
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %v", s.config.Timeout), true
	}
	if s.credentials != nil {
		ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
		defer cancel()
		if _, missing := s.credentials.Retrieve(ctx); missing != nil {
			return fmt.Errorf("%w: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or give the machine a role", etl.ErrPermanent), false
		}
	}
	return err, true // no answer: the network, most likely
}

// A budget bounds the retries of all calls together, in tenths of a retry.
type budget struct {
	mu        sync.Mutex
	left, max int
}

const retryCost = 10

func newBudget(retries int) *budget {
	return &budget{left: retries * retryCost, max: retries * retryCost}
}

// take takes a retry, if there is one left.
func (b *budget) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < retryCost {
		return false
	}
	b.left -= retryCost
	return true
}

// give gives back a tenth of a retry for a success.
func (b *budget) give() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(b.max, b.left+1)
}

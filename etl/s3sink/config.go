package s3sink

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/carebus/carebus/etl"
)

// Config says where a [Sink] is and how it writes. What it leaves open comes
// from the AWS SDK's environment and files: AWS_REGION, AWS_PROFILE,
// AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL_S3 and so on.
type Config struct {
	Bucket string // required
	Prefix string // before all keys, as segments joined by "/", 128 bytes at most. Default none
	Region string // default: the SDK's, or us-east-1 with an Endpoint

	// Endpoint is the URL of a store other than AWS. Default: the SDK's,
	// AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL among it.
	Endpoint string
	// VirtualHost addresses the bucket as a host name on an Endpoint too.
	// Default: as a path there, as a host name on AWS.
	VirtualHost bool
	// Client is used as it is; it should not retry. Default: one made from the above.
	Client *s3.Client

	// KMSKeyID encrypts with that key of AWS KMS and a bucket key. Default: with
	// the store's own key (AES256).
	KMSKeyID string
	// BucketEncryption sends no encryption header and leaves it to the bucket's
	// setting, for stores that know no such header. Default false.
	BucketEncryption bool
	// Checksum is what the store verifies a body by. Default CRC64NVME.
	Checksum Checksum
	// Tag puts the data class on each object as the tag data-class, for bucket
	// policies and lifecycle rules. It needs s3:PutObjectTagging. Default: only
	// in the metadata.
	Tag bool

	Timeout  time.Duration // of one try; default 30 s
	Attempts int           // tries of one call; default 6
	// RetryBudget is how many tries beyond the first ones the sink makes before
	// it makes none: each takes one from the budget, and each success gives a
	// tenth of one back. So a store that is down is not flooded with retries.
	// Default 100.
	RetryBudget int
	// MinPause and MaxPause bound the pauses between tries. Default 100 ms, 5 s.
	MinPause, MaxPause time.Duration
}

// Checksum is an algorithm by which the store verifies a body.
type Checksum string

// The checksums.
const (
	CRC64NVME  Checksum = "CRC64NVME" // S3's own; what it stores by default
	CRC32      Checksum = "CRC32"     // for stores that don't know the other
	NoChecksum Checksum = "none"      // the signature's SHA-256 alone protects the body
)

var bucketGrammar = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// ParseURL reads s3://bucket or s3://bucket/prefix.
func ParseURL(s string) (Config, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.Port() != "" {
		return Config{}, errors.New("s3sink: the URL must be s3://bucket or s3://bucket/prefix")
	}
	c := Config{Bucket: u.Host, Prefix: strings.Trim(u.Path, "/")}
	return c, c.complete()
}

func (c *Config) complete() error {
	c.Prefix = withSlash(c.Prefix)
	c.Checksum = cmp.Or(c.Checksum, CRC64NVME)
	c.Timeout = cmp.Or(c.Timeout, 30*time.Second)
	c.Attempts = cmp.Or(c.Attempts, 6)
	c.RetryBudget = cmp.Or(c.RetryBudget, 100)
	c.MinPause = cmp.Or(c.MinPause, 100*time.Millisecond)
	c.MaxPause = cmp.Or(c.MaxPause, 5*time.Second)
	var errs []error
	require := func(ok bool, rule string) {
		if !ok {
			errs = append(errs, errors.New("s3sink: "+rule))
		}
	}
	require(bucketGrammar.MatchString(c.Bucket), "Bucket must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens")
	require(c.Prefix == "" || etl.CheckKey(c.Prefix+"x") == nil, "Prefix must be segments of letters, digits and ._=- joined by slashes")
	require(len(c.Prefix) <= 128, "Prefix must be 128 bytes at most") // etl's keys leave room for as much
	require(c.Checksum == CRC64NVME || c.Checksum == CRC32 || c.Checksum == NoChecksum, "Checksum must be CRC64NVME, CRC32 or none")
	require(c.KMSKeyID == "" || kmsGrammar.MatchString(c.KMSKeyID), "KMSKeyID must be the id, the ARN or the alias of a key")
	require(c.KMSKeyID == "" || !c.BucketEncryption, "KMSKeyID and BucketEncryption exclude each other")
	require(c.Timeout > 0 && c.Attempts > 0 && c.RetryBudget > 0 && c.MinPause > 0 && c.MaxPause >= c.MinPause, "Timeout, Attempts, RetryBudget and the pauses must be positive, MaxPause no less than MinPause")
	return errors.Join(errs...)
}

// New returns a sink in a bucket. It makes no request: a Get of any key, there or
// not, shows whether the bucket can be reached and read.
func New(ctx context.Context, config Config) (*Sink, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	s := &Sink{config: config, client: config.Client, close: func() {}, budget: newBudget(config.RetryBudget)}
	if s.client != nil {
		return s, nil
	}
	loaded, err := awsconfig.LoadDefaultConfig(ctx, func(o *awsconfig.LoadOptions) error {
		if config.Region != "" {
			o.Region = config.Region
		}
		return nil
	})
	if err != nil {
		return nil, configError(err)
	}
	// The SDK's client, AWS_CA_BUNDLE and all, with a time limit. A redirect is an
	// error: a PUT would become a GET, and the page that it gets stand for an answer.
	httpClient := &http.Client{
		Timeout:       config.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if b, ok := loaded.HTTPClient.(*awshttp.BuildableClient); ok {
		httpClient.Transport = b.GetTransport()
	}
	s.close, s.credentials = httpClient.CloseIdleConnections, loaded.Credentials
	endpoint := config.endpoint(loaded)
	if loaded.Region == "" {
		if endpoint == "" {
			return nil, errors.New("s3sink: no region: set AWS_REGION")
		}
		loaded.Region = "us-east-1"
	}
	if err := checkPlace(loaded.Region, endpoint); err != nil {
		return nil, err
	}
	s.client = s3.NewFromConfig(loaded, func(o *s3.Options) {
		if endpoint != "" {
			o.BaseEndpoint = aws.String(endpoint)
			o.UsePathStyle = !config.VirtualHost
		}
		o.HTTPClient = httpClient
		o.Retryer = aws.NopRetryer{} // retry does that
		if config.Checksum != CRC32 {
			o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		}
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
	return s, nil
}

// endpoint is the URL of a store other than AWS, or "".
func (c *Config) endpoint(loaded aws.Config) string {
	return cmp.Or(c.Endpoint, os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL"), aws.ToString(loaded.BaseEndpoint))
}

package s3sink

import (
	"errors"
	"io/fs"
	"net/url"
	"regexp"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
)

var (
	regionGrammar = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	// A key of KMS: an id, an ARN or an alias.
	kmsGrammar  = regexp.MustCompile(`^[A-Za-z0-9:/_-]+$`)
	awsVariable = regexp.MustCompile(`\bAWS_[A-Z0-9_]+\b`)
)

// checkPlace says what is wrong with a region and with the URL of a store, which
// the SDK takes as they come and stumbles over in every request.
func checkPlace(region, endpoint string) error {
	if !regionGrammar.MatchString(region) {
		return errors.New("s3sink: a region is lower-case letters, digits and hyphens, such as us-east-1: see Config.Region, AWS_REGION and the profile")
	}
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New("s3sink: the endpoint of a store must be https://host or http://host, with a port if need be: see Config.Endpoint, AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL")
	}
	return nil
}

// configError says which of the SDK's variables it refuses. Its own errors repeat
// what stands in them.
func configError(err error) error {
	var profile awsconfig.SharedConfigProfileNotExistError
	var file *fs.PathError
	name := awsVariable.FindString(err.Error())
	switch {
	case errors.As(err, &profile):
		return errors.New("s3sink: AWS_PROFILE names a profile that the shared AWS configuration doesn't have")
	case errors.As(err, &file) && name == "":
		return errors.New("s3sink: a file that the AWS configuration names can't be read: see AWS_CA_BUNDLE, AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE")
	case name != "":
		return errors.New("s3sink: " + name + " holds a value that the AWS SDK doesn't take")
	}
	return errors.New("s3sink: the AWS SDK can't load its configuration: see its variables and files")
}

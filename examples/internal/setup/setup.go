// Package setup opens what every example needs: a Redis, a lake and a key, from
// flags and the environment.
package setup

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/s3sink"
	"github.com/carebus/carebus/schema"
)

// Development is the environment that needs no configuration.
const Development = "development"

// CheckEnvironment says what is wrong with $ENVIRONMENT.
func CheckEnvironment(getenv func(string) string) error {
	if !schema.ValidEnvironment(Environment(getenv)) {
		return errors.New("ENVIRONMENT must be 1 to 32 lower-case letters, digits and hyphens, such as production")
	}
	return nil
}

// Environment returns $ENVIRONMENT, or development.
func Environment(getenv func(string) string) string {
	return cmp.Or(getenv("ENVIRONMENT"), Development)
}

// Key returns the key of pseudonyms: $CAREBUS_KEY, base64 of 32 bytes or more.
// In development it may be unset; the key is then random, and pseudonyms of
// different runs can't be joined.
func Key(getenv func(string) string) ([]byte, error) {
	text := getenv("CAREBUS_KEY")
	if text == "" {
		if Environment(getenv) != Development {
			return nil, errors.New("CAREBUS_KEY is not set: outside development it must hold base64 of 32 random bytes or more, as `openssl rand -base64 32` prints")
		}
		key := make([]byte, 32)
		_, err := rand.Read(key)
		return key, err
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("CAREBUS_KEY is not valid base64") // the decoder's error would tell of the key
	}
	if len(key) < 32 {
		return nil, fmt.Errorf("CAREBUS_KEY holds %d bytes, needs 32 or more", len(key))
	}
	return key, nil
}

// Redis returns the URL to use: flag, else $REDIS_URL, else that of a Redis
// embedded in this process, which stop ends.
func Redis(flag string, getenv func(string) string) (url string, embedded bool, stop func(), err error) {
	if url := cmp.Or(flag, getenv("REDIS_URL")); url != "" {
		return url, false, func() {}, nil
	}
	if Environment(getenv) != Development {
		return "", false, nil, errors.New("REDIS_URL is not set: outside development there is no embedded Redis")
	}
	mini, err := miniredis.Run()
	if err != nil {
		return "", false, nil, fmt.Errorf("start the embedded Redis: %w", err)
	}
	if err := mini.Server().Register("CONFIG", answerConfig); err != nil {
		mini.Close()
		return "", false, nil, fmt.Errorf("set up the embedded Redis: %w", err)
	}
	return "redis://" + mini.Addr(), true, mini.Close, nil
}

// answerConfig is what the embedded Redis lacks of a server: it says that it
// evicts nothing, which the bus asks for.
func answerConfig(c *server.Peer, _ string, args []string) {
	if len(args) != 2 || !strings.EqualFold(args[0], "GET") || args[1] != "maxmemory-policy" {
		c.WriteError("ERR the embedded Redis answers CONFIG GET maxmemory-policy alone")
		return
	}
	c.WriteMapLen(1)
	c.WriteBulk(args[1])
	c.WriteBulk("noeviction")
}

// DefaultLake is where programs write that are told of no lake, in development.
const DefaultLake = "carebus-lake"

// LakePlace returns where the lake is: what the flag -lake says, else $S3_BUCKET,
// else, in development alone, [DefaultLake]. A variable that was forgotten must
// not send what a practice keeps for years into a folder of some container.
func LakePlace(flag string, getenv func(string) string) (string, error) {
	if flag != "" {
		return flag, nil
	}
	if bucket := getenv("S3_BUCKET"); bucket != "" {
		if _, err := s3sink.ParseURL("s3://" + bucket); err != nil {
			return "", errors.New("S3_BUCKET must be the name of a bucket (3 to 63 lower-case letters, digits, dots and hyphens), with /prefix behind it if the lake has one")
		}
		return "s3://" + bucket, nil
	}
	if Environment(getenv) != Development {
		return "", errors.New("S3_BUCKET is not set: outside development the lake must be named, by S3_BUCKET or by -lake, which takes a directory too")
	}
	return DefaultLake, nil
}

// checkLakeFor is how long CheckLake waits for an answer.
const checkLakeFor = 5 * time.Second

// CheckLake returns an error when what keeps the lake of an environment from being
// used won't mend itself, such as a bucket that isn't there or access that is denied:
// whoever starts a program should hear of it at once. A lake that is away for now is
// waited for by the pipeline; tell is told why.
//
// It asks a store for a key among the plans, as the pipeline does first: the role of
// a sink may be allowed to read no others.
func CheckLake(ctx context.Context, lake etl.Sink, environment string, tell func(error)) error {
	ctx, cancel := context.WithTimeout(ctx, checkLakeFor)
	defer cancel()
	var err error
	if folder, ok := lake.(*etl.DirSink); ok {
		err = folder.Check(ctx)
	} else {
		_, err = lake.Get(ctx, "plans/"+environment+"/carebus-check")
	}
	switch {
	case errors.Is(err, etl.ErrPermanent):
		return fmt.Errorf("the lake can't be used: %w", err)
	case err != nil && !errors.Is(err, etl.ErrNotFound):
		tell(err)
	}
	return nil
}

// Lake opens the sink at a directory or at s3://bucket/prefix. Like the AWS SDK's
// variables, $S3_KMS_KEY_ID is for the bucket alone: the key of AWS KMS that
// objects are encrypted with (default: the store's own).
func Lake(ctx context.Context, where string) (etl.Sink, error) {
	if scheme, _, isURL := strings.Cut(where, "://"); isURL && scheme != "s3" {
		return nil, errors.New("a lake is a directory or s3://bucket/prefix: no other kind of URL is known")
	} else if !isURL {
		return etl.Dir(where)
	}
	cfg, err := s3sink.ParseURL(where)
	if err != nil {
		return nil, err
	}
	cfg.KMSKeyID = os.Getenv("S3_KMS_KEY_ID")
	sink, err := s3sink.New(ctx, cfg)
	if err != nil && cfg.KMSKeyID != "" {
		return nil, fmt.Errorf("%w (KMSKeyID is S3_KMS_KEY_ID)", err)
	}
	return sink, err
}

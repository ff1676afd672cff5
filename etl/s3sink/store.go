package s3sink

import (
	"context"
	"iter"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/carebus/carebus/etl"
)

var _ etl.Store = (*Sink)(nil)

// List yields the objects whose keys begin with prefix; see [etl.Store]. It
// needs s3:ListBucket.
func (s *Sink) List(ctx context.Context, prefix string) iter.Seq2[etl.ObjectInfo, error] {
	return func(yield func(etl.ObjectInfo, error) bool) {
		in := &s3.ListObjectsV2Input{
			Bucket: aws.String(s.config.Bucket), Prefix: aws.String(s.config.Prefix + prefix), EncodingType: types.EncodingTypeUrl,
		}
		for {
			var page *s3.ListObjectsV2Output
			err := s.retry(ctx, "list", func(ctx context.Context) (err error) {
				page, err = s.client.ListObjectsV2(ctx, in)
				return err
			})
			if err != nil {
				yield(etl.ObjectInfo{}, err)
				return
			}
			for _, o := range page.Contents {
				info := etl.ObjectInfo{
					Key: strings.TrimPrefix(listedKey(o.Key, page.EncodingType), s.config.Prefix), Bytes: aws.ToInt64(o.Size), Written: aws.ToTime(o.LastModified),
				}
				if !yield(info, nil) {
					return
				}
			}
			if !aws.ToBool(page.IsTruncated) {
				return
			}
			in.ContinuationToken = page.NextContinuationToken
		}
	}
}

// listedKey returns a key as a listing has it, in the encoding that the store says. XML
// can't hold every byte that strangers' keys may have, and one would end the listing.
func listedKey(key *string, encoding types.EncodingType) string {
	text := aws.ToString(key)
	if encoding == types.EncodingTypeUrl {
		if plain, err := url.QueryUnescape(text); err == nil {
			return plain
		}
	}
	return text
}

// Delete deletes every version of an object; see [etl.Store]. It needs
// s3:ListBucketVersions and s3:DeleteObjectVersion, which the role of a
// pipeline should not have, and fails where Object Lock keeps a version. S3 says
// nothing of when the bytes are gone; with a KMS key of its own for each
// environment, deleting that key makes what is left unreadable.
func (s *Sink) Delete(ctx context.Context, key string) error {
	if err := etl.CheckKey(s.config.Prefix + key); err != nil {
		return err
	}
	full := s.config.Prefix + key
	for v, err := range s.versions(ctx, full) {
		if err != nil {
			return err
		}
		if v.key != full {
			continue
		}
		err := s.retry(ctx, "delete", func(ctx context.Context) error {
			in := &s3.DeleteObjectInput{Bucket: aws.String(s.config.Bucket), Key: aws.String(full)}
			if v.id != "" { // also "null", from before the bucket had versions: without it, only a marker is added now
				in.VersionId = aws.String(v.id)
			}
			_, err := s.client.DeleteObject(ctx, in)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type version struct {
	key, id string
	marker  bool // a delete marker
}

// versions yields the versions and delete markers of all keys with a prefix.
func (s *Sink) versions(ctx context.Context, prefix string) iter.Seq2[version, error] {
	return func(yield func(version, error) bool) {
		in := &s3.ListObjectVersionsInput{Bucket: aws.String(s.config.Bucket), Prefix: aws.String(prefix), EncodingType: types.EncodingTypeUrl}
		for {
			var page *s3.ListObjectVersionsOutput
			err := s.retry(ctx, "list versions", func(ctx context.Context) (err error) {
				page, err = s.client.ListObjectVersions(ctx, in)
				return err
			})
			if err != nil {
				yield(version{}, err)
				return
			}
			for _, v := range page.Versions {
				if !yield(version{listedKey(v.Key, page.EncodingType), aws.ToString(v.VersionId), false}, nil) {
					return
				}
			}
			for _, m := range page.DeleteMarkers {
				if !yield(version{listedKey(m.Key, page.EncodingType), aws.ToString(m.VersionId), true}, nil) {
					return
				}
			}
			if !aws.ToBool(page.IsTruncated) {
				return
			}
			in.KeyMarker, in.VersionIdMarker = aws.String(listedKey(page.NextKeyMarker, page.EncodingType)), page.NextVersionIdMarker
		}
	}
}

// SetLegalHold places or lifts the legal hold of S3 Object Lock on every version of
// every object whose key begins with prefix, also of those that are deleted but still
// there, and returns how many versions there were. A bucket's lifecycle rules hide a
// version that is held behind a delete marker, as all of its age, but don't delete it.
// It needs a bucket with Object Lock, s3:ListBucketVersions and
// s3:PutObjectLegalHold. Objects that are put later are not held: hold them again, as
// long as the time that the case is about goes on.
func (s *Sink) SetLegalHold(ctx context.Context, prefix string, hold bool) (versions int, err error) {
	status := types.ObjectLockLegalHoldStatusOff
	if hold {
		status = types.ObjectLockLegalHoldStatusOn
	}
	for v, err := range s.versions(ctx, s.config.Prefix+prefix) {
		if err != nil {
			return versions, err
		}
		if v.marker {
			continue
		}
		err := s.retry(ctx, "hold", func(ctx context.Context) error {
			_, err := s.client.PutObjectLegalHold(ctx, &s3.PutObjectLegalHoldInput{
				Bucket: aws.String(s.config.Bucket), Key: aws.String(v.key), VersionId: aws.String(v.id),
				LegalHold: &types.ObjectLockLegalHold{Status: status},
			})
			return err
		})
		if err != nil {
			return versions, err
		}
		versions++
	}
	return versions, nil
}

// Package s3sink is an [etl.Sink] in Amazon S3, or in a store that speaks its
// protocol.
//
// Every object is put in one request with If-None-Match: *, so that a key is
// never overwritten, with a checksum that the store verifies, and encrypted at
// rest. A try has a time limit of its own, and conflicts, throttling, server
// errors and timeouts are tried again with growing, random pauses.
//
// A store that passes over If-None-Match can hold no lake: two writers would
// overwrite one another's objects. So until the store has refused a key that is
// taken, what a Sink has put it puts once more, and when that is taken, too, the
// answer is an error that wraps [etl.ErrPermanent].
//
// The role of the process needs s3:PutObject and s3:GetObject on the bucket's
// objects and s3:ListBucket on the bucket, without which S3 answers 403 in
// place of 404 for a key that is free; with a KMS key also kms:GenerateDataKey
// and kms:Decrypt. It needs no right to delete.
package s3sink

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
	"net/url"
	"strconv"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/carebus/carebus/etl"
)

// A Sink is an [etl.Sink] in a bucket. It is safe for concurrent use.
type Sink struct {
	config      Config
	client      *s3.Client
	credentials aws.CredentialsProvider // nil with a Config.Client
	close       func()
	budget      *budget
	refuses     atomic.Bool // the store has refused a key that was taken
}

var _ etl.Sink = (*Sink)(nil)

// Names of the object metadata.
const (
	metaRows   = "rows"   // lines before encoding
	metaSHA256 = "sha256" // of the lines before encoding, in hex
	metaClass  = "data-class"
)

// nvme is the table of CRC-64/NVME, S3's own checksum.
var nvme = crc64.MakeTable(0x9a6c9329ac4bc9b5)

// PutIfAbsent stores o as one object; see [etl.Sink]. Its Rows, SHA256 and
// DataClass become metadata.
func (s *Sink) PutIfAbsent(ctx context.Context, o etl.Object) error {
	if err := etl.CheckKey(s.config.Prefix + o.Key); err != nil {
		return err
	}
	in := &s3.PutObjectInput{
		Bucket:        aws.String(s.config.Bucket),
		Key:           aws.String(s.config.Prefix + o.Key),
		IfNoneMatch:   aws.String("*"),
		ContentLength: aws.Int64(int64(len(o.Body))),
		Metadata:      map[string]string{},
	}
	if o.ContentType != "" {
		in.ContentType = aws.String(o.ContentType)
	}
	if o.SHA256 != "" {
		in.Metadata[metaRows], in.Metadata[metaSHA256] = strconv.Itoa(o.Rows), o.SHA256
	}
	if o.DataClass != "" {
		in.Metadata[metaClass] = string(o.DataClass)
		if s.config.Tag {
			in.Tagging = aws.String(url.Values{metaClass: {string(o.DataClass)}}.Encode())
		}
	}
	s.encrypt(in)
	if s.config.Checksum == CRC64NVME {
		sum := binary.BigEndian.AppendUint64(nil, crc64.Checksum(o.Body, nvme))
		in.ChecksumCRC64NVME = aws.String(base64.StdEncoding.EncodeToString(sum))
	}
	err := s.put(ctx, in, o.Body)
	if err != nil || s.refuses.Load() {
		return err
	}
	switch err := s.put(ctx, in, o.Body); {
	case errors.Is(err, etl.ErrExists):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("s3sink: put in bucket %s: %w: the store passes over If-None-Match and overwrites what is there, so no event would be in the lake exactly once", s.config.Bucket, etl.ErrPermanent)
}

func (s *Sink) put(ctx context.Context, in *s3.PutObjectInput, body []byte) error {
	unanswered := false
	return s.retry(ctx, "put", func(ctx context.Context) error {
		if unanswered && s.has(ctx, in) {
			return etl.ErrExists
		}
		in.Body = bytes.NewReader(body)
		_, err := s.client.PutObject(ctx, in)
		unanswered = err != nil && !answered(err)
		if isTaken(err) {
			s.refuses.Store(true)
		}
		return err
	})
}

// has says whether the object that in would put is there. A store may refuse a
// key that is taken before it has read the body, and break off the connection
// with the answer still under way (RFC 9112, section 9.6); the next try could
// end in the same way, and the one after it.
func (s *Sink) has(ctx context.Context, in *s3.PutObjectInput) bool {
	_, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: in.Bucket, Key: in.Key})
	return err == nil
}

func (s *Sink) encrypt(in *s3.PutObjectInput) {
	switch {
	case s.config.KMSKeyID != "":
		in.ServerSideEncryption = types.ServerSideEncryptionAwsKms
		in.SSEKMSKeyId = aws.String(s.config.KMSKeyID)
		in.BucketKeyEnabled = aws.Bool(true)
	case !s.config.BucketEncryption:
		in.ServerSideEncryption = types.ServerSideEncryptionAes256
	}
}

// Get returns an object's body; see [etl.Sink].
func (s *Sink) Get(ctx context.Context, key string) ([]byte, error) {
	if err := etl.CheckKey(s.config.Prefix + key); err != nil {
		return nil, err
	}
	var body []byte
	err := s.retry(ctx, "get", func(ctx context.Context) error {
		out, err := s.client.GetObject(ctx, &s3.GetObjectInput{
			Bucket: aws.String(s.config.Bucket),
			Key:    aws.String(s.config.Prefix + key),
		})
		if err != nil {
			return err
		}
		defer out.Body.Close()
		body, err = io.ReadAll(out.Body)
		return err
	})
	if err != nil {
		return nil, err
	}
	return body, nil
}

// Close closes the connections that are not in use.
func (s *Sink) Close() error {
	s.close()
	return nil
}

// String names the place: s3://bucket/prefix.
func (s *Sink) String() string { return fmt.Sprintf("s3://%s/%s", s.config.Bucket, s.config.Prefix) }

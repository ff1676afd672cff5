// Package apikey keeps and checks API keys.
//
// A key is shown once, when it is made:
//
//	cbk_<id>_<secret>
//
// with an id of 12 and a secret of 52 lower-case base32 characters (60 and 256
// random bits; the secret's last four bits are zero), and a last underscore and
// 6 characters of a checksum (the first 30 bits of the SHA-256 of all before),
// so that a mistyped key is told from a wrong one without a look at the store,
// and a scanner for leaked secrets knows one when it sees it.
//
// A store holds the SHA-256 of the whole key, never the key. A slow hash would
// add nothing: 256 random bits can't be guessed.
package apikey

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/schema"
)

// A Key is what a store knows of a key.
type Key struct {
	ID          string          `json:"id"`
	Label       string          `json:"label,omitempty"` // for people: who uses it
	Hash        string          `json:"hash"`            // hex of the SHA-256 of the key
	Scopes      []httpapi.Scope `json:"scopes"`
	Environment string          `json:"environment,omitempty"` // default: every one
	Types       []string        `json:"types,omitempty"`       // that it may publish, such as "user.*"; default: all
	Rate        float64         `json:"rate,omitempty"`        // events a second; default: the server's
	Created     time.Time       `json:"created"`
	Expires     time.Time       `json:"expires,omitzero"`
	Revoked     time.Time       `json:"revoked,omitzero"`
	ReplacedBy  string          `json:"replaced_by,omitempty"` // the key that a rotation made
}

// Spec says what a new key may do.
type Spec struct {
	Label       string          // for people: who uses it; letters, digits, spaces and "._:/@-", 64 at most. Optional
	Scopes      []httpapi.Scope // one at least
	Environment string          // the only one it is good for; default: every one
	Types       []string        // event types that it may publish, "user.*" for all that begin so; default: all
	Rate        float64         // events, or other requests, a second; default: the server's
	Expires     time.Time       // default: never
}

// A Store keeps keys. It is safe for concurrent use, by several processes too.
// Package storetest holds this contract as tests.
type Store interface {
	// Get returns a key as it is now: a change by any process shows in the next
	// call. ErrNoKey says that there is none of that id.
	Get(ctx context.Context, id string) (Key, error)
	// Put adds or replaces a key durably.
	Put(ctx context.Context, k Key) error
	// List returns all keys by the time they were made.
	List(ctx context.Context) ([]Key, error)
	// Used notes when a key was last used. It may be called often and lose a
	// little.
	Used(ctx context.Context, id string, at time.Time) error
	// LastUsed returns when keys were last used, by id.
	LastUsed(ctx context.Context) (map[string]time.Time, error)
}

// ErrNoKey says that there is no key of that id.
var ErrNoKey = errors.New("apikey: there is no such key")

const (
	prefix    = "cbk_"
	idLen     = 12
	secretLen = 52
	checkLen  = 6
)

var encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Generate returns a new key and its text, which nothing can bring back.
func Generate(spec Spec, now time.Time) (Key, string, error) {
	k := Key{
		Label: spec.Label, Scopes: slices.Clone(spec.Scopes), Environment: spec.Environment, Types: slices.Clone(spec.Types),
		Rate: spec.Rate, Created: now.UTC().Truncate(time.Second), Expires: spec.Expires.UTC().Truncate(time.Second),
	}
	if err := k.check(); err != nil {
		return Key{}, "", err
	}
	random := make([]byte, 8+32)
	rand.Read(random) // never fails: crypto/rand
	k.ID = encoding.EncodeToString(random[:8])[:idLen]
	text := prefix + k.ID + "_" + encoding.EncodeToString(random[8:])
	text += "_" + checksum(text)
	k.Hash = hash(text)
	return k, text, nil
}

func (k *Key) check() error {
	if len(k.Scopes) == 0 {
		return errors.New("apikey: a key needs a scope: publish, read or operate")
	}
	for _, s := range k.Scopes {
		if !s.Valid() {
			return errors.New("apikey: a scope must be publish, read or operate")
		}
	}
	if k.Environment != "" && !schema.ValidEnvironment(k.Environment) {
		return errors.New("apikey: the environment must be 1 to 32 lower-case letters, digits and hyphens")
	}
	for _, t := range k.Types {
		if !httpapi.ValidTypePattern(t) {
			return errors.New("apikey: a type must be an event type, or its beginning followed by .*")
		}
	}
	if k.Rate < 0 {
		return errors.New("apikey: the rate can't be negative")
	}
	if len(k.Label) > 64 || strings.Trim(k.Label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._:/@-") != "" {
		return errors.New(`apikey: the label must be letters, digits, spaces and "._:/@-", 64 at most`)
	}
	return nil
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func checksum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return encoding.EncodeToString(sum[:4])[:checkLen]
}

// parse returns the id of a key's text; ok is false for what can't be a key.
func parse(text string) (id string, ok bool) {
	const length = len(prefix) + idLen + 1 + secretLen + 1 + checkLen
	if len(text) != length || text[:len(prefix)] != prefix {
		return "", false
	}
	head, check := text[:length-checkLen-1], text[length-checkLen:]
	if text[len(head)] != '_' || text[len(prefix)+idLen] != '_' || checksum(head) != check {
		return "", false
	}
	return text[len(prefix) : len(prefix)+idLen], true
}

// Status says in a word how a key stands at a time: active, expired or revoked.
func (k *Key) Status(now time.Time) string {
	switch {
	case !k.Revoked.IsZero():
		return "revoked"
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return "expired"
	}
	return "active"
}

// Create makes a key, keeps it and returns its text.
func Create(ctx context.Context, s Store, spec Spec, now time.Time) (Key, string, error) {
	k, text, err := Generate(spec, now)
	if err == nil {
		err = s.Put(ctx, k)
	}
	if err != nil {
		return Key{}, "", err
	}
	return k, text, nil
}

// Rotate makes a key that may do what the old one may, and lets the old one live
// for an overlap, so that its users can change over.
func Rotate(ctx context.Context, s Store, id string, overlap time.Duration, now time.Time) (Key, string, error) {
	old, err := s.Get(ctx, id)
	if err != nil {
		return Key{}, "", err
	}
	if st := old.Status(now); st != "active" {
		return Key{}, "", fmt.Errorf("apikey: the key is %s; make a new one", st)
	}
	life := time.Time{}
	if !old.Expires.IsZero() {
		life = now.Add(old.Expires.Sub(old.Created))
	}
	k, text, err := Create(ctx, s, Spec{old.Label, old.Scopes, old.Environment, old.Types, old.Rate, life}, now)
	if err != nil {
		return Key{}, "", err
	}
	if end := now.Add(overlap).UTC().Truncate(time.Second); old.Expires.IsZero() || end.Before(old.Expires) {
		old.Expires = end
	}
	old.ReplacedBy = k.ID
	return k, text, s.Put(ctx, old)
}

// Revoke ends a key at once.
func Revoke(ctx context.Context, s Store, id string, now time.Time) error {
	k, err := s.Get(ctx, id)
	if err != nil || !k.Revoked.IsZero() {
		return err
	}
	k.Revoked = now.UTC().Truncate(time.Second)
	return s.Put(ctx, k)
}

// usedEvery is how often the use of a key is noted.
const usedEvery = time.Minute

// An Authenticator checks the API keys of requests, which stand in the header
// Authorization as a Bearer token. It is an [httpapi.Authenticator].
type Authenticator struct {
	store  Store
	now    func() time.Time
	logger *slog.Logger

	mu   sync.Mutex
	used map[string]time.Time // when the use of a key was last noted
}

var _ httpapi.Authenticator = (*Authenticator)(nil)

// NewAuthenticator returns an authenticator. Now and logger may be nil.
func NewAuthenticator(store Store, now func() time.Time, logger *slog.Logger) *Authenticator {
	if now == nil {
		now = time.Now
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Authenticator{store: store, now: now, logger: logger, used: map[string]time.Time{}}
}

// Authenticate implements [httpapi.Authenticator]. A token that doesn't begin
// like a key is another authenticator's.
func (a *Authenticator) Authenticate(r *http.Request) (httpapi.Principal, error) {
	text, err := httpapi.BearerToken(r)
	if err != nil {
		return httpapi.Principal{}, err
	}
	if !strings.HasPrefix(text, prefix) {
		return httpapi.Principal{}, httpapi.ErrNoCredentials
	}
	id, ok := parse(text)
	if !ok {
		return httpapi.Principal{}, &httpapi.AuthError{Reason: "malformed"}
	}
	k, err := a.store.Get(r.Context(), id)
	missing := errors.Is(err, ErrNoKey)
	if err != nil && !missing {
		return httpapi.Principal{}, fmt.Errorf("apikey: the store can't be asked: %w", err)
	}
	// An unknown id takes the same way as a wrong secret, and the comparison the
	// same time wherever they differ.
	want := k.Hash
	if missing || len(want) != hex.EncodedLen(sha256.Size) {
		want = strings.Repeat("0", hex.EncodedLen(sha256.Size))
	}
	if subtle.ConstantTimeCompare([]byte(hash(text)), []byte(want)) != 1 {
		return httpapi.Principal{}, &httpapi.AuthError{Reason: "unknown"}
	}
	now := a.now()
	name := "key/" + k.ID
	if st := k.Status(now); st != "active" {
		return httpapi.Principal{}, &httpapi.AuthError{Reason: st, Principal: name}
	}
	a.noteUse(r.Context(), k.ID, now)
	return httpapi.Principal{Name: name, Scopes: k.Scopes, Environment: k.Environment, Types: k.Types, Rate: k.Rate}, nil
}

// noteUse tells the store of a key's use, once a minute.
func (a *Authenticator) noteUse(ctx context.Context, id string, now time.Time) {
	a.mu.Lock()
	due := now.Sub(a.used[id]) >= usedEvery
	if due {
		a.used[id] = now
	}
	a.mu.Unlock()
	if !due {
		return
	}
	if err := a.store.Used(ctx, id, now); err != nil {
		a.logger.WarnContext(ctx, "apikey: the use of a key could not be noted", "key", id, "error", err)
	}
}

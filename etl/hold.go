package etl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Hold keeps objects of a lake from being deleted, whatever their age, until
// it is released: a legal hold. It is an object of the lake,
//
//	<prefix>holds/<environment>/<id>.json            the hold
//	<prefix>holds/<environment>/<id>.released.json   that it was released, and when
//
// which [Sweep] obeys. In S3, where lifecycle rules delete, hold the objects
// themselves too: see package s3sink.
type Hold struct {
	// ID is the case's, such as "case-2026-17": 1 to 64 letters, digits and
	// "._-". It must tell nothing of a person.
	ID string `json:"id"`
	// KeyPrefix begins the keys that are held, without the lake's prefix: such
	// as "events/production/year=2026/month=03/". Empty: all of them.
	KeyPrefix string    `json:"key_prefix"`
	PlacedAt  time.Time `json:"placed_at"`
}

// PlaceHold places a hold on the lake of an environment. It returns [ErrExists]
// when there is or was a hold of that id.
func PlaceHold(ctx context.Context, sink Sink, prefix, environment string, h Hold) error {
	l, err := holdLayout(prefix, environment, h.ID)
	if err != nil {
		return err
	}
	if err := checkHeld(h.KeyPrefix, environment); err != nil {
		return err
	}
	if h.PlacedAt.IsZero() {
		h.PlacedAt = time.Now().UTC()
	}
	b, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("etl: encode a hold: %w", err)
	}
	return sink.PutIfAbsent(ctx, Object{Key: l.hold(h.ID), Body: b, ContentType: "application/json"})
}

// checkHeld refuses a prefix that no key of the environment's rows begins with,
// such as one with the lake's own prefix: it would hold nothing, in silence.
func checkHeld(prefix, environment string) error {
	table, rest, more := strings.Cut(prefix, "/")
	folder, below, deeper := strings.Cut(rest, "/")
	switch {
	case prefix == "", !more && validTable(table+"x"), prefix == quarantineFolder:
		return nil
	case !more, !validTable(table) && table != quarantineFolder,
		deeper && folder != environment, !deeper && !strings.HasPrefix(environment, folder),
		below != "" && CheckKey(below+"x") != nil:
		return errors.New("etl: Hold.KeyPrefix must begin keys of the environment, such as events/" + environment + "/year=2026/, without the lake's prefix")
	}
	return nil
}

// ReleaseHold releases a hold at a time. It returns [ErrNotFound] when there is
// none, and [ErrExists] when it was released already.
func ReleaseHold(ctx context.Context, sink Sink, prefix, environment, id string, at time.Time) error {
	l, err := holdLayout(prefix, environment, id)
	if err != nil {
		return err
	}
	if _, err := sink.Get(ctx, l.hold(id)); err != nil {
		return err
	}
	b, err := json.Marshal(struct {
		ReleasedAt time.Time `json:"released_at"`
	}{at.UTC()})
	if err != nil {
		return fmt.Errorf("etl: encode a release: %w", err)
	}
	return sink.PutIfAbsent(ctx, Object{Key: l.released(id), Body: b, ContentType: "application/json"})
}

func holdLayout(prefix, environment, id string) (layout, error) {
	if !validLogName(id) || strings.HasSuffix(id, ".released") {
		return layout{}, errors.New("etl: the id of a hold must be 1 to 64 letters, digits and ._-")
	}
	return newLayout(prefix, environment), nil
}

// Holds lists the holds on the lake of an environment that are not released.
func Holds(ctx context.Context, store Store, prefix, environment string) ([]Hold, error) {
	return newLayout(prefix, environment).holds(ctx, store, map[string]Hold{})
}

// holds lists the holds that are not released. Known are those that were read
// before, by key: a hold never changes.
func (l layout) holds(ctx context.Context, store Store, known map[string]Hold) ([]Hold, error) {
	var keys []string
	released := map[string]bool{}
	for o, err := range store.List(ctx, l.table(holdsFolder)) {
		if err != nil {
			return nil, err
		}
		id, isRelease := strings.CutSuffix(o.Key, ".released.json")
		switch {
		case strings.HasSuffix(o.Key, "/"): // a console's folder
		case isRelease:
			released[id+".json"] = true
		default:
			keys = append(keys, o.Key)
		}
	}
	var holds []Hold
	for _, key := range keys {
		if released[key] {
			continue
		}
		h, ok := known[key]
		if !ok {
			b, err := store.Get(ctx, key)
			if err != nil && !errors.Is(err, ErrKey) {
				return nil, err
			}
			if err != nil || json.Unmarshal(b, &h) != nil || l.hold(h.ID) != key {
				return nil, fmt.Errorf("etl: %s is no hold: nothing is deleted until it is mended", placeOf(key))
			}
			known[key] = h
		}
		holds = append(holds, h)
	}
	return holds, nil
}

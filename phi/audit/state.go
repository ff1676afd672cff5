package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/carebus/carebus/internal/durable"
)

const stateFormat = "carebus-audit-state/1"

// A state is what a writer must know to go on from the beginning of an epoch.
type state struct {
	Format string      `json:"format"`
	Origin string      `json:"origin"`
	Epoch  uint64      `json:"epoch"`
	Key    []byte      `json:"key"`  // K(epoch)
	Size   uint64      `json:"size"` // records before the epoch
	MAC    []byte      `json:"mac"`  // of the last of them
	Tree   []tlog.Hash `json:"tree"` // right edge at that size
}

func (s *state) save(dir string) error {
	s.Format = stateFormat
	b, err := json.Marshal(s)
	if err == nil {
		err = durable.WriteFile(dir, stateName, b)
	}
	if err != nil {
		return fmt.Errorf("audit: write the state: %w", err)
	}
	return nil
}

func loadState(dir string) (*state, error) {
	b, err := os.ReadFile(filepath.Join(dir, stateName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNoLog
	}
	if err != nil {
		return nil, fmt.Errorf("audit: read the state: %w", err)
	}
	var s state
	if json.Unmarshal(b, &s) != nil || s.Format != stateFormat || !validOrigin(s.Origin) ||
		len(s.Key) < minKey || len(s.MAC) != len(digest{}) || !(&tree{s.Size, s.Tree}).valid() {
		return nil, errors.New("audit: " + stateName + " is damaged; it can't be made anew: begin another log under another origin") // its text holds a key
	}
	return &s, nil
}

// ErrNoLog says that a folder holds no log.
var ErrNoLog = errors.New("audit: the folder holds no log; make one with Create")

// Create makes an empty log in dir, which may not hold one yet. Origin names the
// log for good and must be the name of the key that signs its checkpoints. Key
// is K(0), at least 32 bytes: hand it to the auditor and forget it.
func Create(dir, origin string, key []byte) error {
	if !validOrigin(origin) {
		return errOrigin
	}
	if len(key) < minKey {
		return fmt.Errorf("audit: the key must have %d bytes or more", minKey)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("audit: make the folder: %w", err)
	}
	existing, err := segments(os.DirFS(dir))
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, stateName)); err == nil || len(existing) > 0 {
		return errors.New("audit: the folder holds a log already")
	}
	s := state{Origin: origin, Key: key, MAC: make([]byte, len(digest{}))}
	return s.save(dir)
}

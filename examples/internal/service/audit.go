package service

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/phi/audit"
)

// The files beside a log that hold its keys.
const (
	signingKeyFile  = "signing.key"  // the writer's: signs checkpoints
	verifierKeyFile = "verifier.pub" // for everyone
	auditorKeyFile  = "auditor.key"  // K(0); only in development it may lie here
	signingKeyVar   = "CAREBUS_AUDIT_SIGNING_KEY"
	auditorKeyVar   = "CAREBUS_AUDIT_KEY"
	verifierKeyVar  = "CAREBUS_AUDIT_VERIFIER"
	defaultAuditDir = "carebus-audit"
)

// AuditDir returns where the audit trail is: flag, else $CAREBUS_AUDIT_DIR, else
// ./carebus-audit.
func AuditDir(flag string, getenv func(string) string) string {
	return cmp.Or(flag, getenv("CAREBUS_AUDIT_DIR"), defaultAuditDir)
}

// AuditKeys are the keys that making an audit trail gives.
type AuditKeys struct {
	Auditor  string // base64 of K(0): to be kept away from the machine
	Verifier string // the public key of checkpoints
}

// CreateAudit makes an audit trail in dir with new keys. The signing key and the
// public key are written beside it. The auditor's key is only returned.
func CreateAudit(dir, origin string) (AuditKeys, error) {
	skey, vkey, err := audit.GenerateSigningKey(origin)
	if err != nil {
		return AuditKeys{}, err
	}
	key := audit.NewKey()
	if err := audit.Create(dir, origin, key); err != nil {
		return AuditKeys{}, err
	}
	err = os.WriteFile(filepath.Join(dir, signingKeyFile), []byte(skey+"\n"), 0o600)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, verifierKeyFile), []byte(vkey+"\n"), 0o644) //nolint:gosec // it is public
	}
	if err != nil {
		return AuditKeys{}, fmt.Errorf("write the keys of the audit trail: %w", err)
	}
	return AuditKeys{Auditor: base64.StdEncoding.EncodeToString(key), Verifier: vkey}, nil
}

// CreateDevelopmentAudit makes an audit trail whose auditor's key lies beside
// it, for trying things out: whoever can write the trail can then forge it.
func CreateDevelopmentAudit(dir string) error {
	keys, err := CreateAudit(dir, "carebus.example/development")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, auditorKeyFile), []byte(keys.Auditor+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the auditor's key: %w", err)
	}
	return nil
}

// AuditSigner returns what signs the checkpoints of the trail in dir:
// $CAREBUS_AUDIT_SIGNING_KEY, else the file that CreateAudit wrote.
func AuditSigner(dir string, getenv func(string) string) (note.Signer, error) {
	text, err := variableOrFile(signingKeyVar, filepath.Join(dir, signingKeyFile), getenv)
	if err != nil {
		return nil, err
	}
	s, err := note.NewSigner(text)
	if err != nil {
		return nil, errors.New("the signing key of the audit trail, in " + origin(signingKeyVar, dir, signingKeyFile, getenv) + ", is no signing key of a note") // the error may quote it
	}
	return s, nil
}

// AuditVerifier returns the public key of the trail in dir:
// $CAREBUS_AUDIT_VERIFIER, else the file that CreateAudit wrote.
func AuditVerifier(dir string, getenv func(string) string) (note.Verifier, error) {
	text, err := variableOrFile(verifierKeyVar, filepath.Join(dir, verifierKeyFile), getenv)
	if err != nil {
		return nil, err
	}
	v, err := note.NewVerifier(text)
	if err != nil {
		return nil, errors.New("the public key of the audit trail, in " + origin(verifierKeyVar, dir, verifierKeyFile, getenv) + ", is no public key of a note")
	}
	return v, nil
}

// AuditorKey returns K(0) of the trail in dir: $CAREBUS_AUDIT_KEY, else what
// CreateDevelopmentAudit wrote, else nothing: a trail is verified without it too.
func AuditorKey(dir string, getenv func(string) string) ([]byte, error) {
	text, err := variableOrFile(auditorKeyVar, filepath.Join(dir, auditorKeyFile), getenv)
	if err != nil {
		return nil, nil //nolint:nilerr // there is none
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) < len(audit.NewKey()) {
		return nil, errors.New("the auditor's key, in " + origin(auditorKeyVar, dir, auditorKeyFile, getenv) + ", is not base64 of 32 bytes") // the decoder's error would tell of the key
	}
	return key, nil
}

// origin names where variableOrFile has found a key.
func origin(name, dir, file string, getenv func(string) string) string {
	if getenv(name) != "" {
		return name
	}
	return filepath.Join(dir, file)
}

func variableOrFile(name, path string, getenv func(string) string) (string, error) {
	if text := getenv(name); text != "" {
		return text, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s is not set, and there is no %s: make an audit trail with `busctl audit init -audit %s -origin NAME`", name, path, filepath.Dir(path))
	}
	return strings.TrimSpace(string(b)), nil
}

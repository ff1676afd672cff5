package main

import (
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/carebus/carebus/examples/internal/setup"
)

func TestHelp(t *testing.T) {
	s := newShell(t, "")
	for _, cmd := range commands {
		_, stderr, err := s.call(t, append(strings.Fields(cmd.name), "-h")...)
		if !errors.Is(err, flag.ErrHelp) || !strings.Contains(stderr, "usage: busctl "+cmd.name) || !strings.Contains(stderr, cmd.summary) || !strings.Contains(stderr, "-json") {
			t.Errorf("%s -h: %v\n%s", cmd.name, err, stderr)
		}
	}
	for _, args := range [][]string{{"-h"}, {"help"}, {"dlq", "-h"}, {"keys", "--help"}} {
		stdout, _, err := s.call(t, args...)
		if !errors.Is(err, flag.ErrHelp) || !strings.Contains(stdout, "commands:") {
			t.Errorf("%v: %v\n%s", args, err, stdout)
		}
	}
	for _, args := range [][]string{
		{}, {"nonsense"}, {"dlq"}, {"status", "-nothing"}, {"status", "x"}, {"dlq", "nonsense"}, {"dlq", "show"}, {"dlq", "show", "x"}, {"dlq", "redrive"}, {"dlq", "purge", "-all"},
		// What must not be taken for a flag that wasn't given.
		{"dlq", "purge", "-yes", "-type", "note.signed", "-older", "-1h"}, {"dlq", "redrive", "-all", "-rate", "-1"}, {"dlq", "purge", "-yes", "-reason", "maxdeliver"},
		{"tail", "-last", "-5"}, {"tail", "-n", "-1"}, {"dlq", "list", "-n", "-1"}, {"dlq", "list", "-n", "0"},
		{"keys", "create", "-expires", "-1h"}, {"keys", "rotate", "key", "-overlap", "-1h"},
		{"keys", "revoke"}, {"keys", "rotate"}, {"audit", "init"}, {"audit", "prove"}, {"audit", "prove", "x"}, {"lake", "verify", "-retention-days", "-1"}, {"tail", "-severity", "x"}, {"tail", "-type", "X"}, {"ddl"},
		{"reshard"}, {"reshard", "0"}, {"reshard", "2000"}, {"reshard", "many"}, {"reshard", "2", "3"}, {"reshard", "2", "-wait", "0s"},
	} {
		if _, stderr, err := s.call(t, args...); !errors.Is(err, setup.ErrUsage) || stderr == "" {
			t.Errorf("%v: %v", args, err)
		}
	}
	if _, _, err := newShell(t, "").call(t, "status"); err == nil || !strings.Contains(err.Error(), "REDIS_URL") {
		t.Errorf("without Redis: %v", err)
	}
}

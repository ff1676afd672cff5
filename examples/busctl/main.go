// Command busctl is the operator's tool: it shows how the bus, the lake, the keys
// and the audit trail do, and moves what an operator has to move.
//
//	busctl status                        how the bus does
//	busctl tail                          events as they come
//	busctl reshard                       over how many shards events are spread
//	busctl group remove                  a consumer group that nobody needs any more
//	busctl dlq list|show|redrive|purge   dead letters
//	busctl audit init|verify|prove|check the audit trail
//	busctl lake verify                   the lake against its plans
//	busctl ddl                           the lake's tables for Athena
//	busctl schema export|check           schemas of all types, and what a change of them breaks
//	busctl keys create|list|rotate|revoke  API keys
//	busctl doctor                        what is wrong, and what to do
//
// Every command takes -h and -json. It ends with status 0 when all is well, 1
// when something failed or is not well, and 2 when it was called wrongly.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9/logging"

	"github.com/carebus/carebus/examples/internal/setup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal ends the process at once
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	if errors.Is(err, errNotWell) {
		os.Exit(1)
	}
	os.Exit(setup.Status("busctl", err, os.Stderr))
}

// errNotWell says that what was looked at is not well, which has been told already.
var errNotWell = errors.New("not well")

// A command is one of busctl's. Its name may have two words.
type command struct {
	name    string
	args    string // how its arguments are called in the help
	summary string // one line
	help    string // more lines, for its own help
	uses    string // which of the common flags it has: redis, lake, audit
	run     func(ctx context.Context, c *call) error
	flags   func(c *call, fs *flag.FlagSet) // its own flags; may be nil
}

var commands []command

func init() { // the table refers to functions that print it
	commands = []command{
		statusCommand, tailCommand, reshardCommand, groupRemove, dlqList, dlqShow, dlqRedrive, dlqPurge,
		auditInit, auditVerify, auditProve, auditCheck, lakeVerify, ddl,
		schemaExport, schemaCheck, keysCreate, keysList, keysRotate, keysRevoke, doctorCommand,
	}
}

// A call is one call of a command.
type call struct {
	out
	getenv func(string) string
	stdin  io.Reader
	args   []string // those that aren't flags

	redis, lake, audit string
	own                any // the command's own flags
}

// run finds the command and calls it.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	cmd, rest := find(args)
	if cmd == nil {
		return usage(args, stdout, stderr)
	}
	logging.Disable() // what the Redis client would print: errors say enough
	c := &call{out: newOut(stdout, stderr, getenv), getenv: getenv, stdin: stdin}
	fs := flag.NewFlagSet("busctl "+cmd.name, flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.BoolVar(&c.json, "json", false, "print JSON")
	c.common(cmd, fs)
	if cmd.flags != nil {
		cmd.flags(c, fs)
	}
	fs.Usage = func() {
		fmt.Fprintf(stderr, "usage: %s\n\n%s\n", strings.TrimSpace("busctl "+cmd.name+" [flags] "+cmd.args), cmd.summary)
		if cmd.help != "" {
			fmt.Fprintf(stderr, "\n%s\n", strings.TrimSpace(cmd.help))
		}
		fmt.Fprintln(stderr, "\nflags:")
		fs.PrintDefaults()
	}
	if err := parse(fs, rest, &c.args); err != nil {
		return err
	}
	if most := len(strings.Fields(cmd.args)); len(c.args) > most && !strings.HasSuffix(cmd.args, "...") {
		return c.usage("%s takes %s", cmd.name, argsText(most))
	}
	if err := setup.CheckEnvironment(getenv); err != nil && cmd.name != "doctor" { // which tells of all that is wrong
		return err
	}
	return cmd.run(ctx, c)
}

// common adds the flags that several commands have.
func (c *call) common(cmd *command, fs *flag.FlagSet) {
	for name := range strings.FieldsSeq(cmd.uses) {
		switch name {
		case "redis":
			fs.StringVar(&c.redis, "redis", "", "`URL` of Redis (default: $REDIS_URL)")
		case "lake":
			fs.StringVar(&c.lake, "lake", "", "`place` of the lake: a directory or s3://bucket/prefix (default: s3://$S3_BUCKET, else in development carebus-lake)")
		case "audit":
			fs.StringVar(&c.audit, "audit", "", "`folder` of the audit trail (default: $CAREBUS_AUDIT_DIR, else carebus-audit)")
		}
	}
}

// parse parses flags, which may stand before, between and behind arguments.
func parse(fs *flag.FlagSet, args []string, rest *[]string) error {
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return err
			}
			return setup.ErrUsage
		}
		if fs.NArg() == 0 {
			return nil
		}
		*rest = append(*rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

func argsText(n int) string {
	if n == 0 {
		return "no arguments beside flags"
	}
	return fmt.Sprintf("%d at most", n)
}

// find returns the command that args begin with, and the args behind it.
func find(args []string) (*command, []string) {
	for i := range commands {
		words := strings.Fields(commands[i].name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == commands[i].name {
			return &commands[i], args[len(words):]
		}
	}
	return nil, args
}

// usage prints the commands, or those that begin like args.
func usage(args []string, stdout, stderr io.Writer) error {
	asked := len(args) == 0 || args[len(args)-1] == "-h" || args[len(args)-1] == "-help" || args[len(args)-1] == "--help" || args[0] == "help"
	w := stderr
	if asked && len(args) > 0 {
		w = stdout
	}
	group := ""
	if len(args) > 0 {
		for _, cmd := range commands {
			if strings.HasPrefix(cmd.name, args[0]+" ") {
				group = args[0] + " "
			}
		}
		if !asked && (group == "" || len(args) > 1) {
			fmt.Fprintln(stderr, "busctl: there is no such command")
		}
	}
	fmt.Fprintf(w, "usage: busctl %scommand [flags]\n\ncommands:\n", group)
	for _, cmd := range commands {
		if strings.HasPrefix(cmd.name, group) {
			fmt.Fprintf(w, "  %-14s %s\n", cmd.name, cmd.summary)
		}
	}
	fmt.Fprintf(w, "\nbusctl command -h tells more. REDIS_URL, ENVIRONMENT, S3_BUCKET, CAREBUS_AUDIT_DIR and\nCAREBUS_API_KEYS_FILE say where things are.\n")
	if asked && len(args) > 0 {
		return flag.ErrHelp
	}
	return setup.ErrUsage
}

// usage says what was wrong with a call.
func (c *call) usage(format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	if !strings.HasSuffix(text, "?") {
		text += ";"
	}
	fmt.Fprintf(c.stderr, "busctl: %s -h tells more\n", text)
	return setup.ErrUsage
}

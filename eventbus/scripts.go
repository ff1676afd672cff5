package eventbus

import (
	"embed"

	"github.com/redis/go-redis/v9"
)

//go:embed lua/*.lua
var luaFiles embed.FS

// The scripts, each atomic on one shard.
var (
	admitScript    = script("ids", "admit")
	forgetScript   = script("forget")
	commitScript   = script("commit")
	historyScript  = script("history")
	advanceScript  = script("ids", "advance")
	shareScript    = script("share")
	groupScript    = script("ids", "group")
	layoutScript   = script("layout")
	sealScript     = script("seal")
	leaseScript    = script("lease")
	membersScript  = script("members")
	readScript     = script("read")
	claimScript    = script("claim")
	beginScript    = script("begin")
	settleScript   = script("settle")
	keepScript     = script("keep")
	leaveScript    = script("leave")
	sweepScript    = script("sweep")
	redriveScript  = script("redrive")
	removeScript   = script("remove")
	trimScript     = script("ids", "trim")
	failoverScript = script("ids", "failover")
)

// script makes a script of files, one behind the other.
func script(names ...string) *redis.Script {
	var src []byte
	for _, name := range names {
		b, err := luaFiles.ReadFile("lua/" + name + ".lua")
		if err != nil {
			panic(err) // embedded at build time
		}
		src = append(src, b...)
	}
	return redis.NewScript(string(src))
}

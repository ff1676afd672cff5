package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// A machine says where figures were measured, and with what.
type machine struct {
	CPU   string            `json:"cpu"`
	Cores int               `json:"cores"`
	OS    string            `json:"os"`
	Go    string            `json:"go"`
	Redis string            `json:"redis"`
	Date  string            `json:"date"`
	Peers map[string]string `json:"peers"` // versions of the peers' modules
}

// peerModules are the modules whose versions matter.
var peerModules = []string{
	"github.com/redis/go-redis/v9", "github.com/ThreeDotsLabs/watermill-redisstream", "github.com/benthosdev/benthos/v4",
}

func describeMachine(ctx context.Context, env *testbed) machine {
	m := machine{
		CPU: cpuModel(), Cores: runtime.GOMAXPROCS(0), OS: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(),
		Redis: "unknown", Date: time.Now().UTC().Format(time.DateOnly), Peers: map[string]string{},
	}
	info, _ := env.admin.Info(ctx, "server").Result() // without it the version stays unknown
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(line, "redis_version:"); ok {
			m.Redis = strings.TrimSpace(v)
		}
	}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, d := range build.Deps {
			for _, p := range peerModules {
				if d.Path == p {
					m.Peers[p] = d.Version
				}
			}
		}
	}
	return m
}

// cpuModel returns the CPU's name where Linux tells it.
func cpuModel() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if k, v, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(k) == "model name" {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

func (m machine) String() string {
	s := fmt.Sprintf("%s: %d cores of %s, %s, %s, redis-server %s", m.Date, m.Cores, m.CPU, m.OS, m.Go, m.Redis)
	for _, p := range peerModules {
		if v := m.Peers[p]; v != "" {
			s += fmt.Sprintf(", %s %s", p[strings.Index(p, "/")+1:], v)
		}
	}
	return s
}

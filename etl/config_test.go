package etl

import (
	"strings"
	"testing"
)

func TestConfigRules(t *testing.T) {
	ok := func() Config { return testConfig(Memory(), &memLog{name: "0"}) }
	for _, c := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"none", func(c *Config) { *c = Config{} }, "Logs is required"},
		{"sink", func(c *Config) { c.Sink = nil }, "Sink is required"},
		{"scrubber", func(c *Config) { c.Scrubber = nil }, "Scrubber is required"},
		{"environment", func(c *Config) { c.Environment = "../x" }, "Environment"},
		{"prefix", func(c *Config) { c.Prefix = "../x" }, "Prefix"},
		{"long prefix", func(c *Config) { c.Prefix = strings.Repeat("x", maxPrefixLen) }, "Prefix"},
		{"prefix with a leading slash", func(c *Config) { c.Prefix = "/x" }, "Prefix"},
		{"log name", func(c *Config) { c.Logs = []Log{&memLog{name: "a/b"}} }, "Logs[0]"},
		{"two logs of a name", func(c *Config) { c.Logs = []Log{&memLog{name: "a"}, &memLog{name: "a"}} }, "two are named"},
		{"nil log", func(c *Config) { c.Logs = []Log{nil} }, "Logs[0] is nil"},
		{"batch", func(c *Config) { c.BatchEvents = -1 }, "BatchEvents"},
		{"batch that no plan can list", func(c *Config) { c.BatchEvents = maxPlanEntries + 1 }, "BatchEvents"},
		{"age without a unit", func(c *Config) { c.BatchAge = 300 }, "BatchAge"},
		{"nil reader", func(c *Config) { c.Readers = []Encoder{nil} }, "Readers"},
		{"poll without a unit", func(c *Config) { c.Poll = 250 }, "Poll"},
		{"lease without a unit", func(c *Config) { c.LeaseTime = 15 }, "LeaseTime"},
	} {
		config := ok()
		c.change(&config)
		if _, err := New(config); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: New = %v, want an error about %s", c.name, err, c.want)
		}
	}
	if _, err := New(ok()); err != nil {
		t.Error(err)
	}
}

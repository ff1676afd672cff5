// Package soak holds no code, only tests: real sink processes on a real
// redis-server and a real S3 server, killed at random moments, with a store that
// fails in every way it can. Afterwards each acknowledged event must be in the
// lake exactly once, and the lake as its plans say.
//
// By default the tests are short. The long run is
//
//	go test ./etl/soak -soak.kills 300 -soak.events 300000 -timeout 60m -v
package soak

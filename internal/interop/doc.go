// Package interop tests what carebus writes and reads against the
// official CloudEvents SDK for Go and an independent JSON Schema validator. It
// is a module of its own, so that neither becomes a dependency of carebus
// (-mod=mod follows what the module above it requires):
//
//	cd internal/interop && go test -mod=mod ./...
package interop

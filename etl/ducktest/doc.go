// Package ducktest holds no code, only tests: DuckDB and python3-snappy, which
// know nothing of carebus, read a lake in each format and must find the same
// rows. It is a module of its own because DuckDB is large and needs cgo:
//
//	cd etl/ducktest && go test ./...
package ducktest

// Package service has what the programs of a running bus share: the store of API
// keys and the audit trail, opened by the environment, and the bus's status as
// the HTTP API tells it.
package service

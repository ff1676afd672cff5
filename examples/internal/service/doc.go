// Package service opens what the programs of a running bus share: the store of
// API keys and the audit trail, from the environment.
package service

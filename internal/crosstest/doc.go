// Package crosstest holds tests of what packages promise to each other where
// neither may import the other, not even in its tests: go mod tidy writes the
// modules that the tests of an imported package need into the go.sum of whoever
// imports it, and package schema is to cost its users nothing.
package crosstest

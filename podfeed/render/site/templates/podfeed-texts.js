// Searches the index that pagefind made of notes, chapters and transcripts.
// In a language without blanks between words, each of these letters is a word of the index, and a term is a row of them.
const LETTERS = /[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]/g;
const hasRows = /^(ja|zh)/i.test(document.documentElement.lang);
const [BEFORE, AFTER] = hasRows ? [15, 45] : [8, 22];
const MOST_PLACES = 5;
let engine;

async function loaded(index) {
  const made = await import(index);
  await made.options({ exactDiacritics: hasRows });
  return made;
}

const rowOf = (term) => (hasRows ? term.toLowerCase().replace(LETTERS, " $& ").trim().split(/\s+/) : [term]);

/** Where in *words* rows begin: of a term in several words, pagefind tells the first place alone. */
const beginnings = (words, rows) =>
  [...words.keys()].filter((at) => rows.some((row) => row.every((piece, n) => words[at + n]?.startsWith(piece))));

const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 19).replace(/^00:0?/, "");

/** The part of a page from *location* up to *end*, if one of the words *found* is in it. */
function place({ id, location }, end, words, found, gap) {
  const at = found.find((each) => each >= location && each < end);
  if (at === undefined || id === "title") return [];
  const [from, to] = [Math.max(location, at - BEFORE), Math.min(end, at + AFTER)];
  const said = words.slice(from, to).join(gap).trim().replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  const text = (from > location ? "…" : "") + said + (to < end ? "…" : "");
  return { hash: id ? `#${id}` : "", clock: id ? clock(id.slice(2)) : "", text };
}

/** The address of a page that was found, and its parts that have what is searched for: its notes, and its moments. */
async function placesOf(hit, rows) {
  const { meta, raw_content, anchors, locations } = await hit.data();
  const [end, gap] = raw_content.includes("\u200b") ? ["\u200b", ""] : [/\s+/, " "];
  const words = raw_content.split(end);
  const found = hasRows ? beginnings(words.map((each) => each.toLowerCase()), rows) : locations;
  const ends = [...anchors.map((each) => each.location), words.length];
  const places = [{ location: 0 }, ...anchors].flatMap((part, n) => place(part, ends[n], words, found, gap));
  return [meta.url, places.slice(0, MOST_PLACES)];
}

/** Up to *most* pages that have all the *terms*, the best first: the places of each, by its address. */
export async function search(index, terms, most) {
  engine ??= await loaded(index);
  const rows = terms.map((term) => rowOf(term.replaceAll('"', "")));
  const query = (row) => (row.length > 1 ? `"${row.join(" ")}"` : row[0]);
  const answers = await Promise.all(rows.map((row) => engine.search(query(row))));
  const [fewest, ...others] = answers.map((each) => each.results).sort((one, two) => one.length - two.length);
  const ids = others.map((hits) => new Set(hits.map((hit) => hit.id)));
  const hits = fewest.filter((hit) => ids.every((each) => each.has(hit.id)));
  return new Map(await Promise.all(hits.slice(0, most).map((hit) => placesOf(hit, rows))));
}

// Finds episodes by their titles and people, and by all that is said in them where podfeed-texts.js has an index.
// What is found never becomes markup: it is put into text nodes.
const find = (selector) => document.querySelector(selector);
const [form, status, list] = ["form[data-titles]", "p[role=status]", "ol.found"].map(find);
const { titles, index, ...words } = form.dataset;
const field = form.elements.q;
const MOST = 30;
let rows, turn, timer;

/** *text* as it is compared, whatever its width, its capitals and its kana. */
const fold = (text) =>
  text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt() - 96));

/** Where the texts of episodes have all the terms, by address; nothing where they cannot be searched. */
async function inTexts(terms) {
  if (!index) return new Map();
  try {
    const { search } = await import("./podfeed-texts.js");
    return await search(new URL(index, location), terms, MOST + 1);
  } catch {}
}

/** The episodes that are called so, or are among *texts*. */
function among(texts, folded) {
  const known = new Map(rows.map((row) => [row.url, row]));
  const called = rows.filter(({ title, people }) => {
    const name = fold([title, ...people].join(" "));
    return folded.every((term) => name.includes(term));
  });
  return new Set([...called, ...[...texts.keys()].flatMap((url) => known.get(url) ?? [])]);
}

/** *text* as nodes, with the terms marked. */
function marked(text, folded) {
  const letters = text.match(/.[\p{M}ﾞﾟ]*/gsu) ?? [];
  const whole = letters.map(fold).join("");
  const hits = [];
  for (const term of folded)
    for (let at = -1; (at = whole.indexOf(term, at + 1)) >= 0; ) hits.push([at, at + term.length]);
  const runs = [];
  let at = 0;
  for (const letter of letters) {
    const name = hits.some(([from, to]) => from <= at && at < to) ? "mark" : "span";
    if (runs.at(-1)?.localName !== name) runs.push(document.createElement(name));
    runs.at(-1).append(letter);
    at += fold(letter).length;
  }
  return runs;
}

function entry({ title, url, date, people }, places, folded) {
  const made = find("template").content.firstElementChild.cloneNode(true);
  const line = made.querySelector(".places li");
  const fill = (part, address, texts) => {
    part.querySelector("a").href = address;
    for (const [selector, text] of texts) part.querySelector(selector).append(...marked(text, folded));
    return part;
  };
  line.remove();
  fill(made, url, [["h3 a", title], [".when", date], [".who", people.join(" · ")]]);
  for (const { hash, clock, text } of places)
    made.querySelector(".places").append(fill(line.cloneNode(true), url + hash, [["span", text], ["b", clock]]));
  made.querySelectorAll(":empty").forEach((each) => each.remove());
  return made;
}

async function search() {
  const mine = (turn = {});
  const terms = field.value.normalize("NFKC").split(/\s+/).filter(Boolean);
  const folded = terms.map(fold);
  history.replaceState(null, "", terms.length ? `?${new URLSearchParams({ q: field.value })}` : location.pathname);
  list.replaceChildren();
  status.textContent = "";
  if (!terms.length) return;
  status.textContent = words.searching;
  rows ??= await (await fetch(titles)).json();
  const texts = await inTexts(terms);
  if (mine !== turn) return;
  const found = [...among(texts ?? new Map(), folded)];
  list.append(...found.slice(0, MOST).map((row) => entry(row, texts?.get(row.url) ?? [], folded)));
  const told = ["none", "one"][found.length] ?? (found.length > MOST ? "some" : "many");
  status.textContent = `${words[told].replace("{count}", Math.min(found.length, MOST))} ${texts ? "" : words.partly}`;
}

function start() {
  clearTimeout(timer);
  search().catch(() => {
    status.textContent = words.error;
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(start, 150);
});
field.value = new URLSearchParams(location.search).get("q") ?? "";
if (field.value) start();

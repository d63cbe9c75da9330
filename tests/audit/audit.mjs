// Judges pages that are served: node audit.mjs PAGES.json > FOUND.json
// PAGES.json: {chrome, site, runs, pages: [{name, url}], follow}; `follow` lists where links are followed from.
import { readFile } from "node:fs/promises";
import * as chromeLauncher from "chrome-launcher";
import lighthouse from "lighthouse";
import { LinkChecker } from "linkinator";
import pa11y from "pa11y";
import puppeteer from "puppeteer";

const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const AXE = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

const wanted = JSON.parse(await readFile(process.argv[2], "utf8"));
const say = (line) => process.stderr.write(`${line}\n`);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Scores of 0 to 100 by category, what failed in any run, and the bytes of the page without sound and pictures. */
async function judged(url) {
  const scores = {}, failed = new Map();
  let bytes = 0;
  for (let run = 0; run < wanted.runs; run++) {
    const chrome = await chromeLauncher.launch({ chromePath: wanted.chrome, chromeFlags: FLAGS });
    try {
      // It fetches robots.txt from within the page, whose policy forbids that; search engines do not.
      const skipAudits = ["robots-txt"];
      const { lhr } = await lighthouse(url, { port: chrome.port, output: "json", logLevel: "error", skipAudits });
      if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
      for (const [name, category] of Object.entries(lhr.categories)) {
        (scores[name] ??= []).push(Math.round(category.score * 100));
        for (const { id, weight } of category.auditRefs) {
          const audit = lhr.audits[id];
          if (weight && audit.score !== null && audit.score < 0.9) failed.set(id, `${name}: ${audit.title}`);
        }
      }
      const requests = lhr.audits["network-requests"].details.items;
      bytes = requests
        .filter((each) => !/^(image|audio|video)\//.test(each.mimeType))
        .reduce((sum, each) => sum + each.transferSize, 0);
    } finally {
      await chrome.kill();
    }
  }
  const medians = Object.fromEntries(Object.entries(scores).map(([name, each]) => [name, median(each)]));
  return { scores: medians, failed: Object.fromEntries(failed), bytes };
}

/** What axe finds at a phone's and a desk's width, in light and in dark. */
async function axed(browser, url) {
  const found = new Map();
  for (const [width, scheme] of [[360, "light"], [360, "dark"], [1280, "light"], [1280, "dark"]]) {
    const page = await browser.newPage();
    await page.setBypassCSP(true); // axe itself is put into the page
    await page.setViewport({ width, height: 800 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(url, { waitUntil: "load" });
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(
      (tags) => globalThis.axe.run({ runOnly: { type: "tag", values: tags } }), STANDARD);
    for (const { id, help, nodes } of violations)
      found.set(id, `${help}: ${nodes[0].target} (${width} px, ${scheme})`);
    await page.close();
  }
  return Object.fromEntries(found);
}

async function walked(browser, url) {
  // What is drawn on a button, which has a name in words, has the colour of the text beside it.
  const options = { standard: "WCAG2AA", runners: ["htmlcs", "axe"], hideElements: "svg[aria-hidden]", timeout: 60000 };
  const { issues } = await pa11y(url, { browser, ...options });
  return issues.map(({ code, message, selector }) => `${code}: ${message} ${selector}`);
}

async function broken() {
  const { links } = await new LinkChecker().check({
    path: wanted.follow, recurse: true, concurrency: 8,
    linksToSkip: async (link) => !link.startsWith(wanted.site),
  });
  const wrong = links.filter(({ state }) => state === "BROKEN").map(({ url, parent, status }) => `${parent} → ${url} (${status})`);
  return { asked: links.filter(({ state }) => state === "OK").length, broken: wrong };
}

const browser = await puppeteer.launch({ executablePath: wanted.chrome, args: FLAGS });
const found = { pages: {}, links: {} };
try {
  for (const { name, url } of wanted.pages) {
    say(name);
    found.pages[name] = { axe: await axed(browser, url), pa11y: await walked(browser, url), ...(await judged(url)) };
  }
  found.links = await broken();
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(found, null, 1));

// What partytime and feedsmith read from the feed FILE, as JSON:  node read.mjs FILE
import { readFileSync } from "node:fs";

process.env.LOG = "silent"; // partytime logs to standard output, from its first import on
const { default: partytime } = await import("podcast-partytime");
const { parseRssFeed } = await import("feedsmith");

const feed = readFileSync(process.argv[2], "utf-8");
console.log(JSON.stringify({ partytime: partytime.parseFeed(feed), feedsmith: parseRssFeed(feed) }));

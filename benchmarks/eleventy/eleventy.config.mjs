// The pages and the feed of each show, from the content and the sound of the Hugo site, by one template each.
import { readdirSync } from "node:fs";

const PAGE = `<!doctype html>
<html lang="ja">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body>
<h1>{{ title }}</h1>
<p>{{ date.toISOString().slice(0, 10) }} {{ description }}</p>
<audio controls src="https://podcast.example{{ audio_file_path }}"></audio>
{{ content | safe }}
</body>
</html>
`;

const FEED = `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0">
<channel>
<title>{{ show }}</title>
<link>https://podcast.example/{{ show }}/</link>
<description>{{ show }}</description>
{% for each in collections[show] | reverse %}<item>
<title>{{ each.data.title }}</title>
<link>https://podcast.example{{ each.url }}</link>
<guid>https://podcast.example{{ each.url }}</guid>
<pubDate>{{ each.date.toUTCString() }}</pubDate>
<description>{{ each.data.description }}</description>
<enclosure url="https://podcast.example{{ each.data.audio_file_path }}" length="{{ each.data.audio_file_size }}" type="audio/mpeg"/>
</item>
{% endfor %}</channel>
</rss>
`;

export default function (config) {
  config.addTemplate("_includes/page.njk", PAGE);
  for (const show of readdirSync("content")) {
    config.addCollection(show, (all) => all.getFilteredByGlob(`content/${show}/*.md`));
    config.addTemplate(`${show}/feed.njk`, FEED, {
      show,
      layout: false,
      permalink: `/${show}/feed.xml`,
      eleventyExcludeFromCollections: true,
    });
  }
  config.ignores.add("content/**/_index.md");
  config.addGlobalData("layout", "page.njk");
  config.addPassthroughCopy({ static: "/" });
  return { dir: { input: "content" }, markdownTemplateEngine: false };
}

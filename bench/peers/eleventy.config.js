// The same RSS feeds with Eleventy and its RSS plugin: the plugin's own template, for each language's home, countries and
// topics. Articles get no page; everything that isn't needed is switched off.
import { HtmlBasePlugin } from '@11ty/eleventy';
import rssPlugin from '@11ty/eleventy-plugin-rss';

const base = 'http://localhost:8080/';
const limit = 50;

const template = `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xml:base="{{ base }}" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>{{ feed.name }}</title>
    <link>{{ base }}</link>
    <atom:link href="{{ (feed.path + "rss.xml") | htmlBaseUrl(base) }}" rel="self" type="application/rss+xml" />
    <description>{{ feed.name }}</description>
    <language>{{ feed.lang }}</language>
    {%- for post in feed.posts %}
    {%- set absolutePostUrl = post.data.address | htmlBaseUrl(base) %}
    <item>
      <title>{{ post.data.title }}</title>
      <link>{{ absolutePostUrl }}</link>
      <description>{{ post.data.summary }}</description>
      <content:encoded>{{ post.content | renderTransforms(post.data.page, base) }}</content:encoded>
      <pubDate>{{ post.date | dateToRfc822 }}</pubDate>
      <guid>{{ absolutePostUrl }}</guid>
    </item>
    {%- endfor %}
  </channel>
</rss>`;

/** The newest articles of each selection: `[{ name, lang, path, posts }]`. */
function listFeeds(posts) {
  const selections = new Map();
  for (const post of posts.toReversed()) {
    const { lang, countries, topics } = post.data;
    const prefix = lang === 'en' ? '/' : `/${lang}/`;
    const keys = [...countries.map((key) => `countries/${key}/`), ...topics.map((key) => `topics/${key}/`)];
    for (const path of ['', ...keys].map((key) => prefix + key)) {
      const feed = selections.get(path) ?? { name: `News ${path}`, lang, path, posts: [] };
      if (feed.posts.length < limit) feed.posts.push(post);
      selections.set(path, feed);
    }
  }
  return [...selections.values()];
}

// Eleventy takes its configuration from the default export.
export default function configure(eleventy) {
  eleventy.addPlugin(HtmlBasePlugin);
  eleventy.addPlugin(rssPlugin);
  eleventy.setUseGitIgnore(false);
  eleventy.addGlobalData('base', base);
  eleventy.addGlobalData(
    'eleventyComputed.address',
    () =>
      ({ lang, slug }) =>
        `${lang === 'en' ? '' : `/${lang}`}/articles/${slug}`,
  );
  eleventy.addCollection('feeds', (api) => listFeeds(api.getFilteredByGlob('./content/**/*.md')));
  eleventy.addGlobalData('permalink', () => false);
  eleventy.addTemplate('feeds.njk', template, {
    pagination: { data: 'collections.feeds', size: 1, alias: 'feed' },
    permalink: '{{ feed.path }}rss.xml',
    eleventyExcludeFromCollections: true,
    layout: false,
  });
  return { markdownTemplateEngine: false, htmlTemplateEngine: false };
}

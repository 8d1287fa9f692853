// The feeds of a publication as a short script would write them with the same libraries: read, parse and render every
// article, then a whole document for each selection and format. No sanitising, no ids kept, no checks.
// node bench/peers/script-feeds.ts PUBLICATION OUT
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Feed } from 'feed';
import matter from 'gray-matter';
import MarkdownIt from 'markdown-it';

const [publication = '.', out = 'public'] = process.argv.slice(2);
const url = 'http://localhost:8080';
const markdown = new MarkdownIt({ typographer: true });

interface Entry {
  readonly lang: string;
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
  readonly date: Date;
  readonly html: string;
  readonly keys: readonly string[];
}

const entries: Entry[] = [];
for (const name of readdirSync(join(publication, 'content'), { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.md')) continue;
  const { data, content } = matter(readFileSync(join(publication, 'content', name), 'utf8'), {});
  const keys = [
    ...(data['countries'] ?? []).map((key: string) => `countries/${key}`),
    ...(data['topics'] ?? []).map((key: string) => `topics/${key}`),
    ...(data['authors'] ?? []).filter((key: unknown) => typeof key === 'string').map((key: string) => `authors/${key}`),
  ];
  entries.push({
    lang: data['lang'] ?? 'en',
    slug: data['slug'] ?? name,
    title: data['title'],
    summary: data['summary'],
    date: new Date(data['date']),
    html: markdown.render(content),
    keys,
  });
}
entries.sort((a, b) => b.date.getTime() - a.date.getTime());

let documents = 0;
for (const [lang, inLanguage] of Map.groupBy(entries, (entry) => entry.lang)) {
  const prefix = lang === 'en' ? '' : `/${lang}`;
  const selections = new Map<string, Entry[]>([['', inLanguage.slice(0, 50)]]);
  for (const key of new Set(inLanguage.flatMap((entry) => entry.keys))) {
    selections.set(key, inLanguage.filter((entry) => entry.keys.includes(key)).slice(0, 50));
  }
  for (const [key, chosen] of selections) {
    const feed = new Feed({
      id: `${url}${prefix}/${key}`,
      title: `News ${key}`,
      copyright: '',
      link: `${url}${prefix}/${key}`,
      updated: chosen[0]?.date ?? new Date(0),
    });
    for (const entry of chosen) {
      const link = `${url}${prefix}/articles/${entry.slug}`;
      feed.addItem({
        id: link,
        link,
        title: entry.title,
        description: entry.summary,
        content: entry.html,
        date: entry.date,
      });
    }
    const folder = join(out, prefix, key);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'rss.xml'), feed.rss2());
    writeFileSync(join(folder, 'atom.xml'), feed.atom1());
    writeFileSync(join(folder, 'feed.json'), feed.json1());
    documents += 3;
  }
}
process.stderr.write(`${documents} documents\n`);

import { type RawAnswer, rawRequest } from './http.ts';

/** More than any test's site has. */
const maxPages = 5_000;

/** Every path that can be reached from these by the addresses in what is answered, with its answer. */
export async function crawl(origin: string, from: readonly string[]): Promise<Map<string, RawAnswer>> {
  const answers = new Map<string, RawAnswer>();
  const waiting = [...from];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (answers.has(path)) continue;
    if (answers.size >= maxPages) throw new Error(`The crawl finds no end: ${path}`);
    const answer = await rawRequest(origin, path);
    answers.set(path, answer);
    const type = answer.headers['content-type'] ?? '';
    const text = /text|xml|json/.test(type) ? answer.body.toString() : '';
    const location = answer.headers.location ?? '';
    for (const found of [location, ...linksIn(text), ...String(answer.headers.link ?? '').split(/[<>]/)]) {
      const url = URL.parse(found.replaceAll('&amp;', '&'), origin + path);
      if (url?.origin === origin && !answers.has(url.pathname + url.search)) waiting.push(url.pathname + url.search);
    }
  }
  return answers;
}

/** Whatever looks like an address: attributes, elements' texts, JSON strings. */
function linksIn(text: string): string[] {
  const attributes = [...text.matchAll(/\b(?:href|src|action|xmlUrl|htmlUrl|url|content)="([^"]*)"/gi)];
  const sets = [...text.matchAll(/srcset="([^"]*)"/gi)].flatMap(([, set = '']) => set.split(/,?\s+/));
  const absolute = [...text.matchAll(/https?:\/\/[^\s"'<>\\)]+/g)].map(([url]) => url);
  return [...attributes.map(([, value = '']) => value), ...sets, ...absolute];
}

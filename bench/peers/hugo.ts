import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedUrl } from '../generate-articles.ts';
import { type Cost, measure } from '../measure.ts';
import { generatedLanguages } from '../vocabulary.ts';

/**
 * The same RSS feeds with Hugo: each language's home, countries and topics, 50 items. All else is switched off, pages too,
 * and the summaries stand in the front matter, so that it renders no body at all.
 */
export async function prepareHugo(publication: string, site: string): Promise<void> {
  await mkdir(site, { recursive: true });
  const config = {
    baseURL: `${generatedUrl}/`,
    title: 'The Generated Gazette',
    contentDir: join(publication, 'content'),
    defaultContentLanguage: generatedLanguages[0],
    languages: Object.fromEntries(generatedLanguages.map((lang, index) => [lang, { weight: index + 1 }])),
    taxonomies: { country: 'countries', topic: 'topics' },
    disableKinds: ['section', 'taxonomy', 'sitemap', 'robotsTXT', '404'],
    ignoreErrors: ['error-disable-taxonomy'],
    disableAliases: true,
    outputs: { home: ['RSS'], term: ['RSS'], page: [] },
    outputFormats: { RSS: { baseName: 'rss' } },
    cascade: [{ _target: { kind: 'page' }, _build: { render: 'link' } }],
    services: { rss: { limit: 50 } },
  };
  await writeFile(join(site, 'hugo.json'), JSON.stringify(config, null, 2));
}

/** One build from nothing: no cache, an empty folder to write to. */
export async function runHugo(hugo: string, site: string, out: string): Promise<Cost> {
  await rm(out, { recursive: true, force: true });
  const cache = join(site, 'cache');
  const words = ['--quiet', '--source', site, '--config', 'hugo.json', '--destination', out, '--cacheDir', cache];
  return measure([hugo, ...words, '--ignoreCache']);
}

import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Instant } from '../clock.ts';
import { type Config, readConfig } from '../config/index.ts';
import { writeNewArticle } from '../content/index.ts';
import { AppError } from '../errors.ts';
import { ownFile } from '../own-files.ts';

/** What a new publication is to be called and where it will be. */
export interface NewPublication {
  /** Absolute; made where it isn't there. */
  readonly dir: string;
  readonly title: string;
  readonly url: string;
  /** At least one; the first is the default. */
  readonly languages: readonly string[];
  /** IANA name. */
  readonly timezone: string;
}

// Beside src/ in the repository, beside dist/ in the package.
const starter = fileURLToPath(ownFile('../starter/'));
const templates = fileURLToPath(ownFile('../templates/'));
const mustBeNew = ['silkpost.yaml', 'content', 'templates'];

/**
 * Writes a publication that works at once: `silkpost.yaml`, an article with a picture, the templates, and a README and a
 * .gitignore where there are none. Nothing is written over.
 *
 * @returns the names of what was written.
 * @throws AppError `conflict` where there is a publication, `invalid` for a value that `silkpost.yaml` can't hold.
 */
export async function writePublication(publication: NewPublication, now: Instant): Promise<string[]> {
  const { dir } = publication;
  const present = mustBeNew.find((name) => existsSync(join(dir, name)));
  if (present !== undefined) {
    const message = `There is ${present} in ${dir} already, so nothing was written. Name another folder, or begin with silkpost start.`;
    throw new AppError('conflict', message);
  }
  await mkdir(dir, { recursive: true });
  const values = valuesOf(publication, now);
  const written = ['silkpost.yaml', 'content', 'templates'];
  const { site, paths } = await writeChecked(dir, fill(await readStarter('silkpost.yaml'), values));
  await cp(join(starter, 'content'), paths.content, { recursive: true });
  await writeNewArticle(
    paths.content,
    site,
    {
      title: `Welcome to ${publication.title}`,
      slug: 'hello',
      summary: 'How this publication works, in one article: change it, save it, and see the feeds follow.',
      status: 'published',
      topics: ['news'],
      image: { src: 'hills.png', alt: 'Ridges of hills, one behind another, under a low sun' },
      text: (await readStarter('first-article.md')).trimEnd(),
    },
    now,
  );
  await cp(templates, paths.templates, { recursive: true });
  for (const [source, name] of [
    ['README.md', 'README.md'],
    ['gitignore', '.gitignore'],
  ] as const) {
    if (existsSync(join(dir, name))) continue;
    await writeFile(join(dir, name), fill(await readStarter(source), values), { flag: 'wx' });
    written.push(name);
  }
  return written;
}

/** Reads the file back in a folder of its own first: a publication with a faulty file is worse than none. */
async function writeChecked(dir: string, text: string): Promise<Config> {
  const trial = await mkdtemp(join(tmpdir(), 'silkpost-init-'));
  try {
    await writeFile(join(trial, 'silkpost.yaml'), text);
    readConfig({ dir: trial, environment: {} });
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
  await writeFile(join(dir, 'silkpost.yaml'), text, { flag: 'wx' });
  return readConfig({ dir, environment: {} });
}

function readStarter(name: string): Promise<string> {
  return readFile(join(starter, name), 'utf8');
}

/** What stands for `%name%` in the starter's files; JSON's strings are YAML's too. */
function valuesOf(publication: NewPublication, now: Instant): Readonly<Record<string, string>> {
  const { title, url, languages, timezone } = publication;
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const isName = /^(?=.*[a-z])[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(host);
  return {
    heading: title,
    title: JSON.stringify(title),
    url,
    authority: isName ? `authority: ${host},${now.slice(0, 10)}` : '# authority: dispatch.example,2026',
    timezone,
    languages: `[${languages.join(', ')}]`,
    sender: `digest@${isName ? host : 'example.org'}`,
  };
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/%(\w+)%/g, (whole, name: string) => values[name] ?? whole);
}

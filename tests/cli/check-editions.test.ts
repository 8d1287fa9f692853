import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import { checkEditions, describeNewsletter } from '../../src/cli/check-editions.ts';
import { readConfig } from '../../src/config/index.ts';
import { smallPublication } from '../support/publication-folder.ts';

const today = new Date().toISOString().slice(0, 10);
const quiet = () => {};

async function folderWith(articles: Readonly<Record<string, string>>) {
  const dir = await smallPublication();
  for (const [name, text] of Object.entries(articles)) await writeFile(join(dir, 'content', name), text);
  return readConfig({ dir, environment: {} });
}

const article = (front: string, body: string): string =>
  `---\ntitle: A bridge opens\nsummary: It was closed.\ndate: ${today}\n${front}---\n\n${body}\n`;

describe('checkEditions', () => {
  it('says what an edition would hold, and names what to mend at its line, without a database', async () => {
    const config = await folderWith({
      'bridge.md': article('', 'TKTK is open, says [the minister](/articles/none).'),
    });
    const { newsletters, problems } = await checkEditions(config, quiet);
    expect(newsletters).toMatchObject([
      { newsletter: 'weekly', isNews: true, report: { readers: null, stories: [{ title: 'A bridge opens' }] } },
    ]);
    expect(problems).toMatchObject([
      { file: 'content/bridge.md', line: 7, code: 'placeholder', blocking: false },
      { file: 'content/bridge.md', line: 7, code: 'dead-link', blocking: false },
    ]);
    await writeFile(join(config.paths.content, 'bridge.md'), article('', 'Open.').replace('It was closed.', 'TKTK'));
    expect((await checkEditions(config, quiet)).problems).toMatchObject([
      { file: 'content/bridge.md', line: 3, code: 'placeholder', blocking: true },
    ]);
  });

  it('names a template that lacks how to leave, or the postal address', async () => {
    const config = await folderWith({ 'bridge.md': article('', 'Text.') });
    const file = join(config.paths.templates, 'digest.txt.liquid');
    const template = await readFile(file, 'utf8');
    await writeFile(file, template.replaceAll('reader.unsubscribe_url', 'reader.preferences_url'));
    expect((await checkEditions(config, quiet)).problems).toMatchObject([
      { file: 'templates/digest.txt.liquid', code: 'template-fault', blocking: true },
    ]);
    await writeFile(file, template.replace('{{ site.publisher.address | wrap }}', ''));
    expect((await checkEditions(config, quiet)).problems).toMatchObject([
      { file: 'templates/digest.txt.liquid', code: 'no-postal-address', blocking: true },
    ]);
  });

  it('sees the readers and earlier editions of a database, and writes nothing into it', async () => {
    const config = await folderWith({ 'bridge.md': article('countries: [georgia]\n', 'Text.') });
    const app = await openApp(config);
    await app.rebuild();
    const reader = (email: string, lang: string, countries: string[] = []) => ({
      email,
      name: null,
      languages: [lang],
      countries,
      topics: [],
      timezone: null,
      newsletters: ['weekly'],
      source: 'operator' as const,
      consent: 'test',
      sample: false,
    });
    await app.subscribers.addSubscribers(
      [reader('a@example.com', 'en'), reader('b@example.com', 'fa'), reader('c@example.com', 'en', ['armenia'])],
      app.clock.now(),
    );
    const first = await checkEditions(config, quiet);
    expect(first.newsletters[0] && describeNewsletter(first.newsletters[0])).toEqual([
      expect.stringMatching(/^weekly: next at .*Z, 1 story, to 2 readers$/),
      expect.stringMatching(/^ {2}\d{4}-\d\d-\d\d {2}A bridge opens$/),
      '  en to 1: “A bridge opens”',
      '  fa to 1: “A bridge opens”',
      '  nothing in it for 1: not their choice, or they had it',
    ]);
    expect(first.problems).toMatchObject([{ code: 'untranslated', file: 'content/bridge.md', blocking: false }]);

    const [newsletter] = config.newsletters;
    if (!newsletter) throw new Error('no newsletter');
    const selection = { since: null, slugs: null };
    const edition = await app.desk.open({ newsletter, dueAt: app.clock.now(), trigger: 'manual', selection });
    await app.desk.release(edition);
    await app.postRoom.sendUntilIdle(null, quiet);
    await app.close();
    const before = await stat(config.paths.database);
    const { newsletters } = await checkEditions(config, quiet);
    expect(newsletters).toMatchObject([{ isNews: false, report: { readers: 2, withNothing: 1 } }]);
    expect((await stat(config.paths.database)).mtimeMs).toBe(before.mtimeMs);
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContentCheck, checkContent } from '../../../src/content/index.ts';
import { siteOf } from '../../support/feed-fixtures.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const now = '2026-11-24T12:00:00.000Z';
const front = '---\ntitle: A\nsummary: B\ndate: 2026-11-20\n---\n';

async function check(files: Readonly<Record<string, string | Buffer>>): Promise<ContentCheck> {
  const contentDir = join((await temporaryFolder()).path, 'content');
  await mkdir(contentDir);
  for (const [path, file] of Object.entries(files)) await writeFile(join(contentDir, path), file);
  return checkContent({ contentDir, site: siteOf(), now });
}

describe('checkContent', () => {
  it('tells of every file that can’t be an article, and reads on', async () => {
    const { files, problems } = await check({
      'binary.md': Buffer.from([0xff, 0xfe, 0x00, 0x80]),
      'bomb.md': `---\na: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*c,*c,*c,*c,*c,*c,*c,*c]\nf: [*c,*c,*c,*c,*c,*c,*c,*c]\n---\n`,
      'brackets.md': front + '['.repeat(20_000),
      'code.md': '---js\n{}\n---\n',
      'empty.md': '',
      'large.md': front + 'x'.repeat(5 * 1024 * 1024),
      'long.md': `${front}\n${'word '.repeat(300_000)}`,
      'tags.md': `${front}\n${'<a '.repeat(50_000)}`,
    });
    expect(files).toBe(8);
    expect(problems.filter(({ blocking }) => blocking).map(({ file, code }) => `${file} ${code}`)).toEqual([
      'content/binary.md unreadable-file',
      'content/bomb.md invalid-yaml',
      'content/code.md code-in-front-matter',
      'content/empty.md empty-file',
      'content/large.md file-too-large',
      'content/long.md unreadable-text',
    ]);
  });

  it('names files that begin like articles and aren’t read', async () => {
    const { files, problems } = await check({
      'a.html': front,
      'b.mdx': '+++\r\ntitle = "B"\r\n+++\r\n',
      'c.html': '<p>',
      'd.yaml': '---\na: 1\n',
    });
    expect(files).toBe(0);
    expect(problems.map(({ file, code, blocking }) => `${file} ${code} ${blocking}`)).toEqual([
      'content/a.html unread-file false',
      'content/b.mdx unread-file false',
    ]);
  });

  it('takes any address in links and pictures', async () => {
    const addresses = [
      '%',
      '/%zz',
      '//',
      'http://[',
      '/%2e%2e/x.png',
      '../../etc/passwd',
      '#%',
      'a.md#%E0',
      '?',
      '/articles/',
      'x:y',
    ];
    const body = addresses.map((address) => `[a](<${address}>) ![b](<${address}>)`).join('\n\n');
    const { problems } = await check({ 'a.md': `${front}\n${body}\n` });
    expect(problems.length).toBeGreaterThan(10);
    expect(problems.every(({ line, blocking }) => line !== null && !blocking)).toBe(true);
  });

  it('never fails for what a body holds', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '[^1]',
        '[^1]: ',
        '^[',
        '](',
        '![',
        '<b>',
        '# ',
        '\n\n',
        '| a |\n|--|\n',
        '#',
        '/articles/',
        '.md',
      ),
    );
    const body = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const { files } = await check({ 'a.md': front + text });
        expect(files).toBe(1);
      }),
      { numRuns: 60 },
    );
  });
});

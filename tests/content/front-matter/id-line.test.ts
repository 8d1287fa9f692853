import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addIdLine } from '../../../src/content/front-matter/id-line.ts';

const id = 'tag:dispatch.example,2023:en/2023/talks';
const added = (text: string, own = id): string | null => addIdLine(Buffer.from(text), own)?.toString() ?? null;

describe('addIdLine', () => {
  it('keeps everything else: remarks, order, line ends, the mark of byte order', () => {
    expect(added('--- \n# first\ntitle: A # why\n---\n\nText.')).toBe(
      `--- \nid: ${id}\n# first\ntitle: A # why\n---\n\nText.`,
    );
    expect(added('---\r\ntitle: A\r\n---\r\nText.\r\n')).toBe(`---\r\nid: ${id}\r\ntitle: A\r\n---\r\nText.\r\n`);
    expect(added('\uFEFF---yaml\rtitle: A\r---\r')).toBe(`\uFEFF---yaml\rid: ${id}\rtitle: A\r---\r`);
    expect(added('---\ntitle: A\n---\n', 'urn:x:')).toContain('\nid: "urn:x:"\n');
  });

  it('writes it as TOML and JSON have it', () => {
    expect(added('+++\ntitle = "A"\n[extra]\nx = 1\n+++\nText.')).toBe(
      `+++\nid = "${id}"\ntitle = "A"\n[extra]\nx = 1\n+++\nText.`,
    );
    expect(added('{\r\n  "title": "A"\r\n}\r\nText.')).toBe(`{\r\n"id": "${id}",\r\n  "title": "A"\r\n}\r\nText.`);
    expect(added('{"title": "A"}\nText.')).toBe(`{"id": "${id}",\n"title": "A"}\nText.`);
    expect(added('+++\nid = "x"\n+++\n')).toBeNull();
  });

  it('gives nothing where a line wouldn’t be the id', () => {
    for (const text of [
      'title: A',
      '---\ntitle: A',
      '---\n{ title: A }\n---\n',
      '---\nid: tag:a.example,2026:b\n---\n',
      '---\nid:\n---\n',
      '---\n  title: A\n---\n',
      '---\n- a\n---\n',
    ]) {
      expect(added(text), text).toBeNull();
    }
    expect(addIdLine(Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff]), id)).toBeNull();
  });

  it('adds one line to any front matter and takes none away', () => {
    const values = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(values, fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '\r\n'), (front, body, end) => {
        const yaml = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
        const text = ['---', ...yaml, '---', body].join(end);
        const changed = added(text);
        if (changed !== null) expect(changed.replace(`id: ${id}${end}`, '')).toBe(text);
        else expect('id' in front || !/^[ -~\s]*$/.test(text)).toBe(true);
      }),
    );
  });

  it('fits every article of the sample', async () => {
    const file = await readFile(new URL('../../../content/2023-04-09-tehran-talks.fa.md', import.meta.url));
    expect(addIdLine(file, id)?.length).toBe(file.length + `id: ${id}\n`.length);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAlias } from '../../../src/content/front-matter/alias-line.ts';

const added = (text: string, alias = '/old'): string | null => addAlias(Buffer.from(text), alias)?.toString() ?? null;

describe('addAlias', () => {
  it('adds a line, an item or a value, and keeps everything else', () => {
    for (const [text, expected] of [
      ['---\r\n# first\r\ntitle: A\r\n---\r\nText.', '---\r\naliases: ["/old"]\r\n# first\r\ntitle: A\r\n---\r\nText.'],
      ['\uFEFF---\ntitle: A\n---\n', '\uFEFF---\naliases: ["/old"]\ntitle: A\n---\n'],
      ['---\naliases: [/a, "/b"] # old\n---\n', '---\naliases: ["/old", /a, "/b"] # old\n---\n'],
      ['---\naliases: []\n---\n', '---\naliases: ["/old"]\n---\n'],
      ['---\naliases: [\n  /a\n]\n---\n', '---\naliases: ["/old", \n  /a\n]\n---\n'],
      [
        '---\naliases: # old\n  # first\n  - /a\n  - /b\nt: 1\n---\n',
        '---\naliases: # old\n  # first\n  - "/old"\n  - /a\n  - /b\nt: 1\n---\n',
      ],
      ['---\r\naliases:\r\n- /a\r\n---\r\n', '---\r\naliases:\r\n- "/old"\r\n- /a\r\n---\r\n'],
      [
        '---\ntext: |\n  aliases: [x]\naliases: [/a]\n---\n',
        '---\ntext: |\n  aliases: [x]\naliases: ["/old", /a]\n---\n',
      ],
    ] as const) {
      expect(added(text), text).toBe(expected);
    }
  });

  it('writes it as TOML and JSON have it', () => {
    const add = (text: string): string | undefined => addAlias(Buffer.from(text), '/new')?.toString();
    expect(add('+++\ntitle = "A"\n[extra]\n+++\n')).toBe('+++\naliases = ["/new"]\ntitle = "A"\n[extra]\n+++\n');
    expect(add('+++\naliases = [\n  "/a",\n]\n+++\n')).toBe('+++\naliases = ["/new", \n  "/a",\n]\n+++\n');
    expect(add('{"title": "A"}\nText')).toBe('{"aliases": ["/new"],\n"title": "A"}\nText');
    expect(add('{"aliases": ["/a"]}\nText')).toBe('{"aliases": ["/new", "/a"]}\nText');
  });

  it('writes any path so that it is read back', () => {
    expect(added('---\ntitle: A\n---\n', '/خبر/"a": #b')).toBe('---\naliases: ["/خبر/\\"a\\": #b"]\ntitle: A\n---\n');
  });

  it('gives nothing where the list has to be changed by hand', () => {
    for (const text of [
      'title: A',
      '---\n{ title: A }\n---\n',
      '---\naliases: /a\n---\n',
      '---\n"aliases": [/a]\n---\n',
      '---\naliases: &old [/a]\n---\n',
      '---\n- a\n---\n',
    ]) {
      expect(added(text), text).toBeNull();
    }
    expect(addAlias(Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff]), '/old')).toBeNull();
  });

  it('takes nothing away from any front matter', () => {
    const values = fc.dictionary(
      fc.stringMatching(/^(?:[a-z]{1,8}|aliases)$/),
      fc.array(fc.string({ unit: 'grapheme' })),
    );
    fc.assert(
      fc.property(values, fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '\r\n'), (front, body, end) => {
        const yaml = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
        const text = ['---', ...yaml, '---', body].join(end);
        const changed = added(text);
        if (changed === null) return;
        const isInsertion = [...text, ''].some((_, at) => {
          const rest = [...text].slice(at).join('');
          return changed.startsWith(text.slice(0, text.length - rest.length)) && changed.endsWith(rest);
        });
        expect(isInsertion).toBe(true);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlainFrontMatter } from '../../../src/content/front-matter/plain-front-matter.ts';
import { parseYaml } from '../../../src/yaml.ts';

/** What the YAML parser makes of a text; undefined where it refuses it. */
function byParser(text: string): unknown {
  try {
    return parseYaml(text).value;
  } catch {
    return undefined;
  }
}

function agrees(text: string): boolean {
  const plain = parsePlainFrontMatter(text);
  if (plain === null) return true;
  expect(plain, text).toEqual(byParser(text) ?? {});
  return true;
}

describe('parsePlainFrontMatter', () => {
  it('reads what articles have', () => {
    const text = [
      'title: "Talks in Tehran: the second round"',
      'summary: Two secretaries met, and agreed on a road.',
      'date: 2023-04-09T18:30:00+04:00',
      '# a remark',
      'lang: fa',
      'authors: [ana, "Giorgi B."]',
      'place: { name: Tehran, lat: 35.6892, lon: -51.389 }',
      'sources: [{ title: "Report", url: https://example.org/a?b=1 }, { title: Other }]',
      "priority: 'lead'",
      'topics: []',
    ].join('\n');
    expect(parsePlainFrontMatter(text)).toEqual({
      title: 'Talks in Tehran: the second round',
      summary: 'Two secretaries met, and agreed on a road.',
      date: '2023-04-09T18:30:00+04:00',
      lang: 'fa',
      authors: ['ana', 'Giorgi B.'],
      place: { name: 'Tehran', lat: 35.6892, lon: -51.389 },
      sources: [{ title: 'Report', url: 'https://example.org/a?b=1' }, { title: 'Other' }],
      priority: 'lead',
      topics: [],
    });
    expect(agrees(text)).toBe(true);
  });

  it.each([
    'title: >\n  folded',
    'title: a\n  b',
    'authors:\n  - ana',
    'title: a: b',
    'title: a # b',
    'title: "a\\nb"',
    'title: a\ntitle: b',
    'draft: true',
    'draft: Null',
    'number: 012',
    'number: 1e3',
    'number: .5',
    'empty:',
    '? a',
    '- a',
    'a: &b c',
    'a: *b',
    'a: !!str b',
    'a: [b, [c]',
    'a: [b,, c]',
    'a: { b }',
    'a: { b: c, b: d }',
    'a: [b] c',
    'a:\tb',
    '__proto__: a',
    'a: "b" c',
    "a: 'it''s'",
    'true: a',
    '...',
    '%YAML 1.2',
    'a: `b',
    'a: @b',
  ])('leaves %j to the parser, or reads it alike', (text) => {
    expect(agrees(text)).toBe(true);
  });

  it('never reads anything otherwise than the parser, whatever the text', () => {
    const scrap = fc.constantFrom(
      ...['a', 'title', 'date', ':', ': ', ' ', '\n', '"', "'", '[', ']', '{', '}', ',', ', ', '#', ' #', '-', '- '],
      ...['0', '1', '12', '.5', '2023-04-09', 'T18:30:00Z', 'null', 'true', 'Է', 'متن', 'ა', '~', '&', '*', '!', '|'],
      ...['>', '%', '@', '`', '?', '\t', '\u00A0', 'é', 'https://a.example/b', '...', '---', '<<', '=', '\\', '\r'],
    );
    const text = fc.array(scrap, { maxLength: 14 }).map((parts) => parts.join(''));
    const line = fc
      .tuple(fc.constantFrom('title', 'date', 'tags', 'x'), text)
      .map(([key, value]) => `${key}: ${value}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => agrees(lines.join('\n'))),
      { numRuns: 20_000 },
    );
    fc.assert(fc.property(text, agrees), { numRuns: 10_000 });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseToml } from '../../../src/content/front-matter/toml.ts';
import { YamlError } from '../../../src/yaml.ts';

const parsed = (text: string): unknown => parseToml(text).value;

function faultOf(text: string): YamlError {
  try {
    parseToml(text);
  } catch (error) {
    if (error instanceof YamlError) return error;
    throw error;
  }
  throw new Error('the text was taken');
}

describe('parseToml', () => {
  it.each([
    ['title = "Talks" # the first', { title: 'Talks' }],
    ['draft = true\nweight = -1_000\nx = 0xff\ny = 1.5e2', { draft: true, weight: -1000, x: 255, y: 150 }],
    ['"a b" = 1\n\'c.d\' = 2\ne.f = 3\ne.g = 4', { 'a b': 1, 'c.d': 2, e: { f: 3, g: 4 } }],
    [
      'date = 2023-04-09T18:30:00+04:00\nday = 2023-04-09',
      { date: '2023-04-09T18:30:00.000+04:00', day: '2023-04-09' },
    ],
    ['date = 2023-04-09 18:30:00', { date: '2023-04-09T18:30:00.000' }],
    [String.raw`a = "\"x\" \u00e9 \U0001F600 \\"`, { a: '"x" é 😀 \\' }],
    [String.raw`a = 'C:\new'`, { a: String.raw`C:\new` }],
    ['a = """\nOne\n"two" \\\n   three"""', { a: 'One\n"two" three' }],
    ["a = '''\nOne\n'two''''", { a: "One\n'two'" }],
    ['tags = [\n  "a", # one\n  "b",\n]', { tags: ['a', 'b'] }],
    ['image = { src = "a.png", alt = "A" }', { image: { src: 'a.png', alt: 'A' } }],
    ['[taxonomies]\ntags = ["a"]\n\n[extra.more]\nx = 1', { taxonomies: { tags: ['a'] }, extra: { more: { x: 1 } } }],
    ['[a.b]\nx = 1\n[a]\ny = 2', { a: { b: { x: 1 }, y: 2 } }],
    ['[[sources]]\ntitle = "A"\n[[sources]]\ntitle = "B"', { sources: [{ title: 'A' }, { title: 'B' }] }],
    ['[[a]]\n[a.b]\nx = 1\n[[a]]', { a: [{ b: { x: 1 } }, {}] }],
    ['\n# nothing\n', null],
  ])('reads %j', (text, value) => {
    expect(parsed(text)).toEqual(value);
  });

  it.each([
    ['title = Talks', 1],
    ['a = 1\ntitle = "Talks', 2],
    ['a = 1\na = 2', 2],
    ['a = 1 b = 2', 1],
    ['[a]\nx = 1\n[a]\ny = 2', 3],
    ['a = 1\n[a]', 2],
    ['a = { b = 1 }\n[a]', 2],
    ['a = { b = 1 }\na.c = 2', 2],
    ['a = [1, 2', 1],
    ['a = { b = 1', 1],
    [String.raw`a = "\x"`, 1],
    ['= 1', 1],
    ['a = 1\ndate = 2023-02-31', 2],
    ['a = 1\ndate = 2023-02-31T24:00:00Z', 2],
    ['[a', 1],
    ['a', 1],
  ])('names the line of what is wrong with %j', (text, line) => {
    expect(faultOf(text)).toMatchObject({ line });
    expect(faultOf(text).message).toMatch(/^\S.*\.$/);
  });

  it('knows where keys and tables stand', () => {
    const found = parseToml('\ntitle = "T"\n  "tags" = ["a",\n  "b"]\n[extra]\nx = 1');
    expect(found.positionOf(['title'])).toEqual({ line: 2, column: 1 });
    expect(found.positionOf(['tags'])).toEqual({ line: 3, column: 3 });
    expect(found.positionOf(['extra'])).toEqual({ line: 5, column: 2 });
    expect(found.positionOf(['none'])).toBeNull();
  });

  it('makes own keys of whatever name, and changes nothing else', () => {
    const value = parsed('__proto__ = { evil = 1 }\nconstructor = 2');
    expect(Object.keys(Object(value))).toEqual(['__proto__', 'constructor']);
    expect('evil' in {}).toBe(false);
  });

  it.each([
    ['more than 64 KB', `a = "${'x'.repeat(65_536)}"`],
    ['lists in lists', `a = ${'['.repeat(30_000)}`],
    ['tables in tables', `a = ${'{a='.repeat(20_000)}`],
    ['keys of many parts', `${'a.'.repeat(30_000)}a = 1`],
    ['a header of many parts', `[${'a.'.repeat(30_000)}a]`],
  ])('refuses %s', (_, text) => {
    expect(faultOf(text).message).toMatch(/64 KB|20 levels/);
  });

  it('reads every text that JSON writes, and throws for nothing but its own faults', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = JSON.stringify(text);
        expect(parsed(`a = ${written}`)).toEqual({ a: text });
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-c.=[\]{}"'\\,# \n0-9-]*$/), (text) => {
        try {
          parseToml(text);
        } catch (error) {
          expect(error).toBeInstanceOf(YamlError);
        }
      }),
    );
  });
});

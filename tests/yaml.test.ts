import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml, YamlError } from '../src/yaml.ts';

function faultOf(text: string, firstLine = 1): YamlError {
  try {
    parseYaml(text, { firstLine });
  } catch (error) {
    if (error instanceof YamlError) return error;
    throw error;
  }
  throw new Error('the text was taken');
}

describe('parseYaml', () => {
  it('keeps dates, sexagesimals and words of YAML 1.1 as strings', () => {
    const { value } = parseYaml('day: 2023-04-09\nat: 2023-04-09T18:30:00+04:00\ntime: 18:30:00\nlang: no\nold: yes');
    expect(value).toEqual({
      day: '2023-04-09',
      at: '2023-04-09T18:30:00+04:00',
      time: '18:30:00',
      lang: 'no',
      old: 'yes',
    });
  });

  it('gives null for an empty text', () => {
    expect(parseYaml('').value).toBeNull();
    expect(parseYaml('# a note\n').value).toBeNull();
  });

  it('knows where keys and items stand, in block and in flow style', () => {
    const text =
      'a: 1\nb:\n  # note\n  c: [x, {d: 2}]\n  e:\n  f: "q"\ng:\n  - h: 1\n    i: 2\n  - {j: 1, k: {l: 2}}\n';
    const { positionOf } = parseYaml(text, { firstLine: 2 });
    expect(positionOf([])).toEqual({ line: 2, column: 1 });
    expect(positionOf(['b'])).toEqual({ line: 3, column: 1 });
    expect(positionOf(['b', 'c', 0])).toEqual({ line: 5, column: 7 });
    expect(positionOf(['b', 'c', 1, 'd'])).toEqual({ line: 5, column: 11 });
    expect(positionOf(['b', 'e'])).toEqual({ line: 6, column: 3 });
    expect(positionOf(['b', 'f'])).toEqual({ line: 7, column: 3 });
    expect(positionOf(['g', 0, 'i'])).toEqual({ line: 10, column: 5 });
    expect(positionOf(['g', 1, 'k', 'l'])).toEqual({ line: 11, column: 16 });
    expect(positionOf(['g', 7])).toBeNull();
    expect(positionOf(['nothing', 'below'])).toBeNull();
  });

  it('names line and column of a fault, counted from the first line that it was told', () => {
    expect(faultOf('a: 1\nb: 2\na: 3', 2)).toMatchObject({ line: 4, column: 1 });
    expect(faultOf('a: [1, 2', 5).line).toBeGreaterThanOrEqual(5);
    expect(faultOf('a: 1\na: 2').message).toBe('This key stands there twice. Take one of its lines out.');
  });

  it('refuses tags that make anything but core types', () => {
    expect(faultOf('a: !!js/function "function () {}"').message).toContain('Unknown tag');
    expect(faultOf('a: !!binary aGk=').message).toContain('Unknown tag');
  });

  const bomb = ['a: &a [1,1,1,1,1,1,1,1,1,1]'];
  for (let level = 1; level < 9; level++) {
    const name = String.fromCharCode(97 + level);
    const before = String.fromCharCode(96 + level);
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]`);
  }
  const hostile: Record<string, string> = {
    'an alias bomb': bomb.join('\n'),
    'an alias to itself': 'a: &a [*a]',
    'more than 64 KB': `a: ${'x'.repeat(70_000)}`,
    'brackets without end': '['.repeat(60_000),
    'braces without end': '{'.repeat(60_000),
    'nested lists': '- '.repeat(30_000),
    'nested questions': '? '.repeat(20_000),
    'many anchors': `a: ${'&a '.repeat(10_000)}`,
    'a quote without end': `"${'\\\\'.repeat(30_000)}`,
    'a row of exclamation marks': `a: ${'!'.repeat(60_000)}`,
    'too many keys': Array.from({ length: 6000 }, (_, index) => `k${index}:`).join('\n'),
    'too many items': `[${'a,'.repeat(30_000)}]`,
  };
  for (const [name, text] of Object.entries(hostile)) {
    it(`refuses ${name}`, () => {
      expect(faultOf(text)).toBeInstanceOf(YamlError);
    });
  }

  it('takes 20 levels and not 21', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
    expect(parseYaml(nested(20)).value).toBeDefined();
    expect(faultOf(nested(21)).message).toBe('This is nested more than 20 levels deep.');
  });

  it('leaves prototypes alone', () => {
    const { value } = parseYaml('__proto__: {polluted: true}\nconstructor: 1');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('gives a value or a YamlError for whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.boolean(), (text, mapping) => {
        const full = mapping ? `key: ${text}\n- {${text}` : text;
        try {
          const parsed = parseYaml(full);
          parsed.positionOf(['key']);
        } catch (error) {
          expect(error).toBeInstanceOf(YamlError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

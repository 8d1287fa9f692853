import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type FrontMatterFault,
  type SplitFile,
  splitFrontMatter,
} from '../../../src/content/front-matter/front-matter.ts';

function faultOf(file: string): FrontMatterFault {
  const result = splitFrontMatter(file);
  if ('code' in result) return result;
  throw new Error('the file was taken');
}

function splitOf(file: string): SplitFile {
  const result = splitFrontMatter(file);
  if ('code' in result) throw new Error(result.message);
  return result;
}

describe('splitFrontMatter', () => {
  it('cuts a file into YAML and Markdown and knows the line that the body begins on', () => {
    const { front, body, bodyLine } = splitOf('---\ntitle: Talks\ndate: 2023-04-09\n---\nFirst line.\n');
    expect(front.value).toEqual({ title: 'Talks', date: '2023-04-09' });
    expect(front.positionOf(['date'])).toEqual({ line: 3, column: 1 });
    expect(body).toBe('First line.\n');
    expect(bodyLine).toBe(5);
  });

  it('reads a file with CRLF and a byte order mark like one without', () => {
    const plain = splitOf('---\ntitle: Talks\n---\nOne\nTwo\n');
    const windows = splitOf('\uFEFF---\r\ntitle: Talks\r\n---\r\nOne\r\nTwo\r\n');
    expect(windows.front.value).toEqual(plain.front.value);
    expect(windows.front.positionOf(['title'])).toEqual({ line: 2, column: 1 });
    expect(windows.body).toBe(plain.body);
    expect(windows.bodyLine).toBe(plain.bodyLine);
  });

  it.each(['---', '--- ', '---yaml', '--- yaml', '---yml'])('takes %j as the first line', (opening) => {
    expect(splitOf(`${opening}\ntitle: Talks\n---\n`).front.value).toEqual({ title: 'Talks' });
  });

  it('leaves further lines of hyphens to the body', () => {
    expect(splitOf('---\ntitle: Talks\n---\nOne\n\n---\n\nTwo').body).toBe('One\n\n---\n\nTwo');
  });

  it.each(['---\n---\nText', '---\n\n---\nText', '---\n# a note\n---\nText'])('reads %j as no keys', (file) => {
    expect(splitOf(file).front.value).toBeNull();
    expect(splitOf(file).body).toBe('Text');
  });

  const languages = ['js', 'javascript', 'json', 'toml', 'coffee', 'JS', ' js', '\tjavascript', 'coffeescript', 'cson'];
  const inherited = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
  for (const language of [...languages, ...inherited]) {
    it(`refuses ---${JSON.stringify(language)} and executes nothing`, () => {
      onTestFinished(() => {
        Reflect.deleteProperty(globalThis, 'silkpostWasRun');
      });
      const payload = '{"title": (globalThis.silkpostWasRun = true)}';
      const fault = faultOf(`---${language}\n${payload}\n---\nText`);
      expect(fault).toMatchObject({ code: 'code-in-front-matter', line: 1 });
      expect(fault.message).toContain('YAML only');
      expect('silkpostWasRun' in globalThis).toBe(false);
    });
  }

  it('refuses YAML tags that make functions', () => {
    const file = '---\ntitle: !!js/function "function () { globalThis.silkpostWasRun = true }"\n---\n';
    expect(faultOf(file)).toMatchObject({ code: 'invalid-yaml', line: 2 });
    expect('silkpostWasRun' in globalThis).toBe(false);
  });

  it('gives a broken file the same fault the second time', () => {
    const file = '---\ntitle: Talks\nsummary: [a, b\ndate: 2023-04-09\n---\nText';
    const first = faultOf(file);
    expect(first.code).toBe('invalid-yaml');
    expect(first.line).toBeGreaterThan(2);
    expect(faultOf(file)).toEqual(first);
    expect(faultOf(file)).toEqual(first);
  });

  it.each(['', 'Text only', '# Title\n\n---\n', '\n---\ntitle: Talks\n---\n', ' ---\ntitle: x\n---'])(
    'says that %j has no front matter',
    (file) => {
      expect(faultOf(file)).toMatchObject({ code: 'missing-front-matter', line: 1, column: 1 });
    },
  );

  it.each([
    ['+++\ntitle = "T"\n+++\nText', 'toml', 4],
    ['\uFEFF+++ \r\ntitle = "T"\r\n+++\r\nText', 'toml', 4],
    ['{\n\t"title": "T"\n}\n\nText', 'json', 5],
    ['{"title": "T"}\nText', 'json', 2],
    ['{"title": "T", "a": {"}": "\\"{"}}\nText', 'json', 2],
  ])('reads the front matter of %j too', (file, language, line) => {
    const { front, body, bodyLine, ...rest } = splitOf(file);
    expect(rest.language).toBe(language);
    expect(front.value).toMatchObject({ title: 'T' });
    expect(body.trim()).toBe('Text');
    expect(bodyLine).toBe(line - (body.startsWith('\n') ? 1 : 0));
  });

  it.each([
    ['+++\ntitle = T\n+++\n', 'invalid-toml', 2],
    ['+++\ntitle = "T"\n\nText', 'unclosed-front-matter', 1],
    ['{"title": "T"\n"date": 1}\nText', 'invalid-json', 2],
    ['{"title": "T"\nText', 'unclosed-front-matter', 1],
    ['{"title": "T"} Text', 'unclosed-front-matter', 1],
    [`{"title": "${'x'.repeat(200_000)}"}\n`, 'unclosed-front-matter', 1],
  ])('says what is wrong with the front matter of %.40j', (file, code, line) => {
    expect(faultOf(file)).toMatchObject({ code, line });
  });

  it.each(['{{< figure >}}', '+++ and text', '{ x }'])('takes %j for text', (file) => {
    expect(faultOf(file).code).toBe('missing-front-matter');
  });

  it('says where front matter that is not closed was to end', () => {
    expect(faultOf('---')).toMatchObject({ code: 'unclosed-front-matter', line: 1 });
    expect(faultOf('---\ntitle: Talks\n\nText')).toMatchObject({ code: 'unclosed-front-matter', line: 1 });
    expect(faultOf('---\ntitle: Talks\n--- and more\nText')).toMatchObject({ code: 'unclosed-front-matter', line: 3 });
    expect(faultOf('---\ntitle: Talks\n----\nText')).toMatchObject({ code: 'unclosed-front-matter', line: 3 });
  });

  it('names line and column of a duplicate key', () => {
    expect(faultOf('---\ntitle: A\ntitle: B\n---\n')).toMatchObject({ code: 'invalid-yaml', line: 3, column: 1 });
  });

  const bomb = ['a: &a [1,1,1,1,1,1,1,1,1,1]'];
  for (const [before, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg']) {
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]`);
  }
  const excesses = {
    'an alias bomb': bomb.join('\n'),
    '21 levels': `a: ${'['.repeat(20)}1${']'.repeat(20)}`,
    'brackets without end': `a: ${'['.repeat(50_000)}`,
    'more than 64 KB': `title: ${'x'.repeat(65_536)}`,
  };
  for (const [name, yaml] of Object.entries(excesses)) {
    it(`refuses ${name}`, () => {
      expect(faultOf(`---\n${yaml}\n---\nText`).code).toBe('invalid-yaml');
    });
  }

  it('takes a body longer than the front matter may be', () => {
    const text = 'word '.repeat(40_000);
    expect(splitOf(`---\ntitle: Talks\n---\n${text}`).body).toBe(text);
  });

  it('gives parts or a fault for whatever file', () => {
    const piece = fc.oneof(
      fc.constantFrom('---', '\n', '\r\n', 'title: x', '---js', ': ', '\uFEFF', '\0', '[', '{'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, opened) => {
        const result = splitFrontMatter((opened ? '---\n' : '') + pieces.join(''));
        if ('code' in result) expect(result.message).not.toBe('');
        else expect(typeof result.body).toBe('string');
      }),
      { numRuns: 500 },
    );
  });
});

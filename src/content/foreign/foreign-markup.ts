import { proseLines } from '../markdown/prose-lines.ts';

/** Something in a body that another system would have worked out and Silkpost leaves as text. */
export interface ForeignMarkup {
  /** Of the body, from 1: where it is first seen. */
  readonly line: number;
  readonly code: 'shortcode' | 'template-tag' | 'attribute-list' | 'raw-html';
  readonly message: string;
}

interface Kind {
  readonly code: ForeignMarkup['code'];
  readonly pattern: RegExp;
  readonly advice: string;
}

const kinds: readonly Kind[] = [
  {
    code: 'shortcode',
    pattern:
      /\{\{[<%][^{}\n]*|\[\/?(?:caption|gallery|embed|audio|video|playlist|contact-form(?:-7)?|vc_\w+|et_pb_\w+)(?:\s[^[\]\n=]{0,50}=[^[\]\n]{0,500}|\s*\/?)\](?![([:])/i,
    advice: 'is a shortcode, which readers see as text. Write Markdown in its place, such as ![…](picture.jpg).',
  },
  {
    code: 'template-tag',
    pattern: /(?<!\{)\{%[^\n]{0,500}?%\}|\{\{(?![<%])[^{}\n]*\}\}/,
    advice: 'belongs to a template language, so readers see it as text. Write what it stood for.',
  },
  {
    code: 'attribute-list',
    pattern: /\{:[^{}\n]*\}/,
    advice: 'gives attributes in kramdown only; readers see it as text. Take it out.',
  },
  {
    code: 'raw-html',
    // An address with blanks in it stands between angle brackets: `[map](<a map.png>)`, `[map]: <a map.png>`.
    pattern: /(?<!\]\(|\]: ?)<\/?[a-z][a-z0-9-]*(?:\s[^<>\n]*)?\/?>/i,
    advice: 'is HTML, which readers see as text. Write Markdown in its place.',
  },
];

/** Says quickly that a body has nothing of the kind, as nearly all have. */
const anyOfThem = /\{\{|\{[%:]|<[a-z/]|\[\/?(?:caption|gallery|embed|audio|video|playlist|contact-form|vc_|et_pb_)/i;

/** What is left as text in a body: one note for each kind, at the first line that has it. */
export function findForeignMarkup(body: string): readonly ForeignMarkup[] {
  if (!anyOfThem.test(body)) return [];
  const found = new Map<Kind, { readonly line: number; readonly text: string; lines: number }>();
  for (const { text, line, isCode } of proseLines(withoutComments(body))) {
    if (isCode || !anyOfThem.test(text)) continue;
    const prose = text.replace(/``.*?``|`[^`]*`/g, '');
    for (const kind of kinds) {
      const match = kind.pattern.exec(prose);
      if (!match) continue;
      const first = found.get(kind);
      if (first) first.lines += 1;
      else found.set(kind, { line, text: match[0].slice(0, 60), lines: 1 });
    }
  }
  return [...found].map(([{ code, advice }, { line, text, lines }]) => {
    const more = lines === 1 ? '' : ` There is more on ${lines - 1} other line${lines === 2 ? '' : 's'}.`;
    return { line, code, message: `“${text}” ${advice}${more}` };
  });
}

/**
 * A body without its HTML comments (`<!--more-->`), which are nobody's to read; its lines stay where they are, and code
 * is left alone.
 */
export function withoutComments(body: string): string {
  if (!body.includes('<!--')) return body;
  let isOpen = false;
  const lines: string[] = [];
  for (const { text, isCode } of proseLines(body)) {
    if (isCode && !isOpen) {
      lines.push(text);
      continue;
    }
    let rest = text;
    let kept = '';
    let backticks = 0;
    while (rest !== '') {
      const at = rest.indexOf(isOpen ? '-->' : '<!--');
      if (at < 0) break;
      if (isOpen) rest = rest.slice(at + 3);
      else {
        const before = rest.slice(0, at);
        kept += before;
        backticks += before.split('`').length - 1;
        // Between backticks it is an example.
        const isExample = backticks % 2 === 1;
        if (isExample) kept += '<!--';
        rest = rest.slice(at + 4);
        if (isExample) continue;
      }
      isOpen = !isOpen;
    }
    lines.push(isOpen ? kept : kept + rest);
  }
  return isOpen ? body : lines.join('\n');
}

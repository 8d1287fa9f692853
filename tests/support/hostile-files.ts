import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * What becomes of a file: `in` the feeds as it is; `mended`, in the feeds with a problem that names the file;
 * `out`, with such a problem; `later`, an embargo.
 */
export type Fate = 'in' | 'mended' | 'out' | 'later';

export interface HostileFile {
  readonly path: string;
  readonly content: string | Buffer;
  readonly fate: Fate;
}

/** An article with these lines of front matter in place of the usual ones. */
function article(lines: Readonly<Record<string, string>> = {}, body = 'The full text.'): string {
  const fields = { title: 'A bridge opens', summary: 'It was closed.', date: '2026-03-02T10:00:00Z', ...lines };
  return `---\n${Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')}\n---\n\n${body}\n`;
}

const bomb = Array.from({ length: 12 }, (_, index) => {
  const inner = index === 0 ? '"x"' : Array.from({ length: 9 }, () => `*a${index - 1}`).join(', ');
  return `a${index}: &a${index} [${inner}]`;
}).join('\n');

const deep = `${'['.repeat(2_000)}${']'.repeat(2_000)}`;
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d', 'hex');
const wide = 'one | two | three '.repeat(3_500);

const front: readonly (readonly [string, Fate, Readonly<Record<string, string>>])[] = [
  ['controls-in-title', 'mended', { title: '"A\\bbridge\\x01 op\\x1bens\\x7f"' }],
  ['nul-in-title', 'mended', { title: '"A bridge\\0 opens"' }],
  ['surrogates-in-title', 'mended', { title: '"A bridge \\ud800 opens \\udfff"', summary: '"\\udc00"' }],
  ['raw-control-in-title', 'out', { title: 'A \u0008bridge' }],
  ['only-controls-in-title', 'out', { title: '"\\0\\x01"' }],
  ['bidi-override-in-title', 'mended', { title: '"A \\u202egnp.exe\\u2066 bridge"' }],
  ['raw-bidi-override', 'mended', { title: 'A \u202egnp.exe bridge' }],
  ['non-characters', 'mended', { title: '"A \\ufffe bridge \\uffff"' }],
  ['only-non-characters-in-title', 'out', { title: '"\\ufdd0\\U0001fffe"' }],
  ['other-non-characters', 'mended', { title: '"A \\ufdd0 bridge \\U0001fffe"' }],
  ['cdata-end-twice', 'in', { title: '"]]> and ]]> <![CDATA["', summary: '"]]>]]>"' }],
  ['emoji', 'in', { title: 'Bridges 🌉🏳️‍🌈👩‍👩‍👧‍👦 open', summary: '🇦🇲🇬🇪🇦🇿' }],
  [
    'html-in-title',
    'in',
    { title: '"<script>alert(1)</script><b>AT&T</b> &lt;i&gt; &#0;"', summary: '"</item>&nbsp;<br>"' },
  ],
  ['template-in-title', 'in', { title: '"{{ 7 | times: 7 }} {% raw %} $(1)"' }],
  ['newlines-in-title', 'in', { title: '"A\\nbridge\\r\\n\\topens\\u2028now"' }],
  ['blank-title', 'out', { title: '" \\t "' }],
  ['long-title', 'out', { title: 'A bridge '.repeat(60) }],
  ['number-as-title', 'out', { title: '2026' }],
  ['list-as-title', 'out', { title: '[a, b]' }],
  ['no-title', 'out', { title: '' }],
  ['year-0000', 'out', { date: '0000-01-01' }],
  ['year-9999', 'later', { date: '9999-12-31' }],
  ['end-of-time', 'out', { date: '9999-12-31T23:59:59-12:00' }],
  ['updated-at-the-end-of-time', 'out', { updated: '9999-12-31T23:59:59-12:00' }],
  ['corrected-at-the-end-of-time', 'out', { corrections: '[{ date: "9999-12-31T23:59:59-12:00", text: Late. }]' }],
  ['before-the-calendar', 'in', { date: '1000-01-02' }],
  ['date-1e20', 'out', { date: '1e20' }],
  ['date-as-number', 'out', { date: '20260302' }],
  ['yesterday', 'out', { date: 'yesterday' }],
  ['30-february', 'out', { date: '2026-02-30' }],
  ['hour-25', 'out', { date: '2026-03-02T25:00:00Z' }],
  ['far-offset', 'in', { date: '2026-03-02T10:00:00+23:59' }],
  ['date-as-map', 'out', { date: '{ year: 2026 }' }],
  ['bad-link', 'out', { link: 'http://' }],
  ['script-link', 'out', { link: 'javascript:alert(1)' }],
  ['link-with-secret', 'out', { link: 'https://user:secret@dispatch.example/' }],
  ['link-with-quotes', 'out', { link: '\'https://dispatch.example/"onload="x\'' }],
  ['odd-but-good-link', 'in', { link: 'https://bücher.example/ä%zz?a=b&c=]]>'.replace(']]>', ']]') }],
  ['script-author', 'out', { authors: '[{ name: Ana, url: "javascript:alert(1)" }]' }],
  ['markup-author', 'in', { authors: '[{ name: "<b>Ana</b> & ]]>" }]' }],
  ['bad-mail-author', 'out', { authors: '[{ name: Ana, email: "ana@@courier.example" }]' }],
  [
    'two-hundred-topics',
    'mended',
    { topics: `[${Array.from({ length: 200 }, (_, index) => `t${index}`).join(', ')}]` },
  ],
  ['more-topics', 'out', { topics: `[${Array.from({ length: 201 }, (_, index) => `t${index}`).join(', ')}]` }],
  ['markup-topics', 'mended', { topics: '["<b>", "a&b", "]]>", "__proto__", constructor]' }],
  ['missing-sound', 'mended', { audio: '{ src: missing.mp3, type: audio/mpeg }' }],
  ['missing-picture', 'mended', { image: '{ src: missing.png, alt: A map }' }],
  ['picture-outside', 'mended', { image: '{ src: ../../silkpost.yaml, alt: A map }' }],
  ['sound-that-is-text', 'mended', { audio: '{ src: hostile/plain.txt }' }],
  ['negative-duration', 'out', { audio: '{ src: https://dispatch.example/a.mp3, duration: -5 }' }],
  ['place-off-the-globe', 'out', { place: '{ name: Nowhere, lat: 91, lon: 1e300 }' }],
  ['place-without-number', 'out', { place: '{ name: Nowhere, lat: .nan, lon: .inf }' }],
  ['proto-keys', 'mended', { ['__proto__']: 'x', constructor: '{ prototype: { polluted: yes } }', toString: '1' }],
  ['aliases-to-others', 'out', { aliases: '["//evil.example/"]' }],
  ['bad-id', 'out', { id: '"no scheme ]]>"' }],
  ['script-slug', 'out', { slug: '"../../etc/passwd"' }],
  ['unknown-status', 'out', { status: 'almost' }],
  ['unknown-language', 'out', { lang: 'xx' }],
  ['tag', 'out', { title: '!!js/function "function () { return 1 }"' }],
  ['binary-title', 'out', { title: '!!binary aGVsbG8=' }],
  ['yaml-depth', 'out', { topics: deep }],
];

const bodies: readonly (readonly [string, Fate, string])[] = [
  ['controls-in-body', 'in', 'A\u0000B\u0008C\u001bD\u007fE\u0085F\uFFFE\uFFFFG'],
  ['cdata-ends-in-body', 'in', 'x ]]> y ]]> z <![CDATA[ `]]>]]>`\n\n    ]]>\n'],
  ['references-in-body', 'in', '&#0; &#x8; &#xD800; &#xFFFE; &#1114112; &bogus; &amp;#0;'],
  [
    'script-links',
    'in',
    '[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,x) [d](vbscript:x) <javascript:x>',
  ],
  [
    'broken-links',
    'mended',
    '[a](http://[::1) [b](http://) [c](https://a b/) <https://x.example/"onload="y> [d](//evil.example/x)',
  ],
  [
    'raw-html',
    'mended',
    '<script>alert(1)</script>\n\n<iframe src="x"></iframe><img src=x onerror=alert(1)><style>*{}</style>\n\n<!-- x',
  ],
  [
    'pictures-of-all-kinds',
    'mended',
    '![a](javascript:x) ![b](data:image/png;base64,AA) ![c](file:///etc/passwd) ![d](https://x.example/a.png)',
  ],
  ['relative-that-leads-out', 'mended', '[a](../../silkpost.yaml) ![b](../../var/silkpost.db) [c](nowhere.md)'],
  ['opening-brackets', 'in', '['.repeat(20_000)],
  ['opening-pictures', 'in', '!['.repeat(10_000)],
  ['opening-links', 'in', '[a]('.repeat(5_000)],
  ['opening-stars', 'in', '*a **b '.repeat(5_000)],
  ['backticks', 'in', Array.from({ length: 300 }, (_, index) => '`'.repeat(index)).join(' x ')],
  ['deep-quotes', 'in', `${'>'.repeat(5_000)} x`],
  ['deep-lists', 'in', Array.from({ length: 300 }, (_, index) => `${'  '.repeat(index)}- x`).join('\n')],
  ['headings', 'in', '## The same heading\n\n'.repeat(10_000)],
  ['one-line-table', 'in', `| ${wide}\n|${'---|'.repeat(3)}\n| ${wide.repeat(12)}\n`],
  ['footnotes', 'in', `${'a[^1]'.repeat(500)}\n\n[^1]: One [^1] [^2].\n[^2]: Two [^1].\n[^1]: Again.`],
  ['long-word', 'in', 'x'.repeat(300_000)],
  ['footnotes-in-footnotes', 'in', 'a[^1]\n\n[^1]: - [^2]: > [^1]: x\n\n[^2]: - [^2]: '],
  ['half-a-merge', 'out', 'One.\n\n<<<<<<< HEAD\nNine.\n=======\nTen.\n>>>>>>> main\n'],
  ['no-body', 'in', ''],
  ['bidi-override-in-body', 'in', 'A \u202egnp.exe bridge, \u2067پل\u2069 in the hills'],
];

/** As another system wrote it: its summary is the first paragraph. */
const foreign = article({ categories: 'News', summary: '' }, 'A \u202egnp.exe\u2066 bridge\u0000 opens.');

const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

const files: readonly HostileFile[] = [
  { path: 'bom.md', content: `\uFEFF${article()}`, fate: 'in' },
  { path: 'crlf.md', content: article().replaceAll('\n', '\r\n'), fate: 'in' },
  { path: 'cr.md', content: article().replaceAll('\n', '\r'), fate: 'in' },
  { path: 'utf-16.md', content: utf16(article()), fate: 'out' },
  { path: 'utf-16-without-mark.md', content: Buffer.from(article(), 'utf16le'), fate: 'out' },
  { path: 'latin-1.md', content: Buffer.from(article({ title: 'Caf\u00e9' }), 'latin1'), fate: 'out' },
  { path: 'picture.md', content: png, fate: 'out' },
  { path: 'zeros.md', content: Buffer.alloc(4_096), fate: 'out' },
  { path: 'empty.md', content: '', fate: 'out' },
  { path: 'no-front-matter.md', content: '# A bridge opens\n\nThe full text.\n', fate: 'out' },
  { path: 'unclosed.md', content: '---\ntitle: A bridge opens\n\nThe full text.\n', fate: 'out' },
  { path: 'code.md', content: `---js\n{ title: process.exit(1) }\n---\n\nx\n`, fate: 'out' },
  { path: 'json.md', content: `---json\n{ "title": "x" }\n---\n\nx\n`, fate: 'out' },
  { path: 'proto-engine.md', content: '---constructor\ntitle: x\n---\n\nx\n', fate: 'out' },
  { path: 'bad-yaml.md', content: article({ title: '"unclosed' }), fate: 'out' },
  { path: 'alias-bomb.md', content: article().replace('---\n', `---\n${bomb}\n`), fate: 'out' },
  { path: 'large-front-matter.md', content: article({ summary: 'x '.repeat(40_000) }), fate: 'out' },
  { path: 'large.md', content: article({}, 'A bridge opens in the hills today. '.repeat(27_000)), fate: 'in' },
  { path: 'five-megabytes.md', content: article({}, 'A bridge opens in the hills. '.repeat(180_000)), fate: 'out' },
  { path: 'too-large.md', content: article({}, 'A bridge opens in the hills today. '.repeat(151_000)), fate: 'out' },
  { path: 'id-once.md', content: article({ id: 'tag:courier.example,2026:en/same', title: 'Once' }), fate: 'in' },
  { path: 'id-twice.md', content: article({ id: 'tag:courier.example,2026:en/same', title: 'Twice' }), fate: 'out' },
  { path: 'slug-once.md', content: article({ slug: 'same', title: 'Once' }), fate: 'in' },
  { path: 'slug-twice.md', content: article({ slug: 'same', title: 'Twice' }), fate: 'out' },
  { path: 'foreign-with-bidi-override.md', content: foreign, fate: 'mended' },
  { path: '日本.md', content: article(), fate: 'out' },
  { path: '日本-a&b "c".md', content: article({ slug: 'odd-name' }), fate: 'in' },
];

export const hostileFiles: readonly HostileFile[] = [
  ...front.map(([name, fate, lines]) => ({ path: `${name}.md`, content: article(lines), fate })),
  ...bodies.map(([name, fate, body]) => ({ path: `${name}.md`, content: article({}, body), fate })),
  ...files,
];

/** Writes them all to `content/hostile`, with links out of the folder and into circles. */
export async function writeHostileFiles(dir: string): Promise<void> {
  const folder = join(dir, 'content', 'hostile');
  await mkdir(folder, { recursive: true });
  for (const { path, content } of hostileFiles) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await writeFile(join(folder, 'plain.txt'), 'no sound');
  await writeFile(join(dir, 'outside.md'), article({ title: 'From outside' }));
  await symlink(join(dir, 'outside.md'), join(folder, 'link-outside.md'));
  await symlink('/etc', join(folder, 'link-to-folder'));
  await symlink(folder, join(folder, 'link-to-itself'));
  await symlink('circle.md', join(folder, 'circle.md'));
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMarkdownParser, MarkdownError } from '../../../src/content/markdown/markdown.ts';
import { parseReference } from '../../../src/content/markdown/references.ts';
import type { AddressResolver } from '../../../src/content/markdown/resolve-addresses.ts';
import { nestingFault } from '../../support/html-balance.ts';

const page = 'https://dispatch.example/articles/talks';

/** Like the publication's: every relative file is there unless it is called missing. */
const resolver: AddressResolver = {
  link(written) {
    const reference = parseReference(written, 'talks.md');
    if (reference.kind === 'web') return reference.url;
    if (reference.kind === 'anchor') return page + reference.hash;
    if (reference.kind === 'site') return `https://dispatch.example${reference.path}`;
    if (reference.kind !== 'file' || reference.path.startsWith('missing')) return null;
    return `${page}/${encodeURI(reference.path)}${reference.suffix}`;
  },
  picture(written) {
    const url = resolver.link(written);
    return url === null ? null : { url, ...(written === 'map.png' ? { width: 1200, height: 600 } : {}) };
  },
};

/** The most permissive one that there could be: what is safe must not hang on the resolver. */
const trusting: AddressResolver = { link: (written) => written, picture: (url) => ({ url }) };

const parser = createMarkdownParser();

function render(body: string, lang = 'en', resolve = resolver): string {
  return parser.parse(body, lang).render(resolve).trim();
}

const allowedTags =
  /^(?:h[1-6]|p|blockquote|ul|ol|li|hr|br|pre|code|em|strong|s|a|img|sup|figure|figcaption|section|table|thead|tbody|tr|th|td)$/;
const allowedAttributes = /^(?:href|title|id|src|alt|width|height|start|class|style)$/;

/** As a browser on the article's page reads it; an address that is none leads nowhere. */
function schemeOf(attribute: string): string {
  const address = attribute
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  return URL.parse(address, page)?.protocol ?? 'https:';
}

/** What in the HTML could run or style something; read strictly, so that a stray `<` counts too. */
function activeParts(html: string): string[] {
  const found: string[] = [];
  const rest = html.replace(/<\/?([a-zA-Z0-9]+)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*\/?>/g, (_, tag, attributes) => {
    if (!allowedTags.test(String(tag))) found.push(`tag ${tag}`);
    for (const [, name = '', value = ''] of String(attributes).matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
      if (!allowedAttributes.test(name)) found.push(`attribute ${name}`);
      if ((name === 'href' || name === 'src') && !/^(?:https?|mailto):$/.test(schemeOf(value))) {
        found.push(`${name} ${value}`);
      }
      if (name === 'style' && !/^text-align:(?:left|right|center);?$/.test(value)) found.push(`style ${value}`);
    }
    return '';
  });
  if (rest.includes('<')) found.push(`stray < in ${rest.slice(rest.indexOf('<'), rest.indexOf('<') + 40)}`);
  return found;
}

describe('parse', () => {
  it('makes tables with aligned columns', () => {
    const html = render('| Day | Cars |\n|:--|--:|\n| Monday | 12 |');
    expect(html).toContain('<table>');
    expect(html).toMatch(/<th style="text-align:left;?">Day<\/th>/);
    expect(html).toMatch(/<td style="text-align:right;?">12<\/td>/);
    expect(activeParts(html)).toEqual([]);
  });

  it('makes footnotes whose links go to the article’s own page', () => {
    const html = render('They met.[^a]\n\n[^a]: On Sunday.');
    expect(html).toContain(`<sup class="footnote-ref"><a href="${page}#fn1" id="fnref1">[1]</a></sup>`);
    expect(html).toContain('<li id="fn1" class="footnote-item">');
    expect(html).toContain(`href="${page}#fnref1"`);
    expect(html).toContain('On Sunday.');
  });

  it('makes a figure of a picture with a title that stands alone', () => {
    const html = render('![Map](map.png "The *road*, <schematic>")');
    expect(html).toMatch(/^<figure><img /);
    expect(html).toContain(`src="${page}/map.png"`);
    expect(html).toContain('width="1200" height="600"');
    expect(html).toContain('<figcaption>The *road*, &lt;schematic&gt;</figcaption></figure>');
    expect(html).not.toContain('title=');
  });

  it('leaves a picture within a sentence there', () => {
    const html = render('See ![Map](map.png "The road") here.');
    expect(html).toMatch(/^<p>See <img /);
    expect(html).not.toContain('figure');
  });

  it.each([
    ['en', '“a ‘b’ c”'],
    ['en-GB', '“a ‘b’ c”'],
    ['hy', '«a „b“ c»'],
    ['ka', '„a ‚b‘ c“'],
    ['ru', '«a „b“ c»'],
    ['fa', '«a “b” c»'],
    ['tr', '“a ‘b’ c”'],
    ['az', '“a ‘b’ c”'],
    ['fr', '«\u202Fa “b” c\u202F»'],
    ['xx', '“a ‘b’ c”'],
  ])('writes the quotes of %s', (lang, written) => {
    expect(render('"a \'b\' c"', lang)).toBe(`<p>${written}</p>`);
  });

  it('writes dashes and ellipses, and leaves code as it is', () => {
    expect(render('a -- b... `"x" -- y`')).toBe('<p>a – b… <code>&quot;x&quot; -- y</code></p>');
  });

  it('gives headings unique ids with the letters of every script', () => {
    const html = render(
      '## Բանակցություններ՝ օր 2\n\n## گفت‌وگو\n\n## Talks\n\n## Talks\n\n### Talks 2\n\n## !!!\n\n## fn1',
    );
    const ids = [...html.matchAll(/<h[2-6] id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(7);
    expect(new Set(ids).size).toBe(7);
    expect(ids[0]).toBe('բանակցություններ-օր-2');
    expect(ids.slice(2, 4)).toEqual(['talks', 'talks-2']);
    expect(ids).not.toContain('fn1');
    expect(ids).not.toContain('');
  });

  it('moves headings down where one is of the first level', () => {
    expect(render('# A\n\n## B\n\n###### C')).toMatch(/<h2 id="a">A<\/h2>\s*<h3 id="b">B<\/h3>\s*<h6 id="c">C<\/h6>/);
    expect(render('## B')).toBe('<h2 id="b">B</h2>');
  });

  it('takes a thousand equal headings', () => {
    const html = render('## Same\n\n'.repeat(1000));
    expect(new Set([...html.matchAll(/id="([^"]*)"/g)].map(([, id]) => id)).size).toBe(1000);
  });

  it('lists the addresses of links and pictures with their lines', () => {
    const { links, pictures } = parser.parse(
      '[a](other.md)\n\n![b](map.png) [c](other.md)\n\n[d][x]\n\n[x]: y.md',
      'en',
    );
    expect([...links]).toEqual([
      ['other.md', 1],
      ['y.md', 5],
    ]);
    expect([...pictures]).toEqual([['map.png', 3]]);
  });

  it('resolves relative addresses', () => {
    expect(render('[a](other.md#part) [b](/about) [c](#d)')).toBe(
      `<p><a href="${page}/other.md#part">a</a> <a href="https://dispatch.example/about">b</a> <a href="${page}#d">c</a></p>`,
    );
  });

  it('makes text of links and pictures that have no address', () => {
    expect(render('[a *b*](missing.md), ![Map of <it>](missing.png) and [c](../../../etc/passwd).')).toBe(
      '<p>a <em>b</em>, Map of &lt;it&gt; and c.</p>',
    );
    expect(render('[![Map](missing.png)](missing.md)')).toBe('<p>Map</p>');
    expect(render('[![Map](map.png)](missing.md)')).toMatch(/^<p><img [^>]*><\/p>$/);
  });

  it('shows HTML in the text literally', () => {
    expect(render('a <b onclick="x()">bold</b>')).toBe('<p>a &lt;b onclick=“x()”&gt;bold&lt;/b&gt;</p>');
    expect(render('<script>alert(1)</script>')).toBe('<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>');
  });

  const hostile = [
    '<script>alert(1)</script>',
    '<ScRiPt src=//evil.example></sCrIpT>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><a xlink:href="javascript:alert(1)"/></svg>',
    '<style>*{background:url(javascript:alert(1))}</style>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="data:text/html,x"></object><embed src=x><base href=//evil.example>',
    '<form action="javascript:alert(1)"><button formaction=x>',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)"><link rel=stylesheet href=x>',
    '<!--><script>alert(1)</script>-->',
    '<![CDATA[<script>alert(1)</script>]]>',
    '<math><mtext></p><img src=x onerror=alert(1)>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](java&#x73;cript:alert(1))',
    '[a](java&Tab;script:alert(1))',
    '[a](&#1;javascript:alert(1))',
    '[a](<javascript:alert(1)>)',
    '[a][x]\n\n[x]: javascript:alert(1)',
    '[a](vbscript:x) [b](file:///etc/passwd) [c](data:text/html;base64,PHNjcmlwdD4=)',
    '![a](data:image/svg+xml;base64,PHN2Zz4=)',
    '![a](data:image/png;base64,iVBORw0KGgo=)',
    '![a](javascript:alert(1) "x")',
    '![" onerror="alert(1)](map.png "\\" onload=\\"alert(1)")',
    '[a](https://a.example/"onmouseover="alert(1) "x\\" onclick=\\"y")',
    '<javascript:alert(1)> <data:text/html,x>',
    '```"><script>alert(1)</script>\nx\n```',
    '``` js" onmouseover="x\nx\n```',
    '`<script>alert(1)</script>`',
    '# <img src=x onerror=alert(1)> "quoted"',
    '| <script> |\n|:-:|\n| <img src=x onerror=alert(1)> |',
    'x[^<script>]\n\n[^<script>]: <img src=x onerror=alert(1)>',
    'x^[<script>alert(1)</script>]',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '&#60;script&#62;alert(1)',
    '\0<\0script>',
  ];
  for (const body of hostile) {
    it(`makes nothing active of ${JSON.stringify(body)}`, () => {
      expect(activeParts(render(body))).toEqual([]);
      expect(activeParts(render(body, 'en', trusting))).toEqual([]);
    });
  }

  it('makes nothing active of any mixture, whatever resolves the addresses', () => {
    const piece = fc.oneof(
      fc.constantFrom(...hostile),
      fc.constantFrom('[', ']', '(', ')', '!', '<', '>', '"', "'", '`', '\n', '\n\n', '&', '|', '^', '*', '#', ':'),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        expect(activeParts(render(pieces.join(''), 'en', trusting))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses addresses of the resolver’s that could run', () => {
    const html = render('[a](other.md) ![b](map.png)', 'en', {
      link: () => 'javascript:alert(1)',
      picture: () => ({ url: 'data:image/svg+xml,<svg onload="x">' }),
    });
    expect(html).not.toMatch(/javascript|data:|svg/);
  });

  const long = {
    'opening brackets': '['.repeat(20_000),
    'opening brackets of pictures': '!['.repeat(20_000),
    'opening parentheses': '[a]('.repeat(20_000),
    asterisks: '*a_'.repeat(20_000),
    'opening angle brackets': '<a '.repeat(20_000),
    backticks: Array.from({ length: 600 }, (_, index) => '`'.repeat(index)).join(' '),
    'block quotes': '>'.repeat(20_000),
    quotes: '"\''.repeat(20_000),
  };
  for (const [name, body] of Object.entries(long)) {
    it(`comes to an end with a row of ${name}`, () => {
      expect(activeParts(render(body))).toEqual([]);
    });
  }

  it('takes 1 MB and not a byte more', () => {
    const line = `${'word '.repeat(20)}\n\n`;
    const body = line.repeat(11_000).slice(0, 1_048_576);
    expect(render(body)).toContain('<p>word');
    expect(() => parser.parse('x'.repeat(1_048_577), 'en')).toThrow(MarkdownError);
    expect(() => parser.parse('ա'.repeat(524_289), 'en')).toThrow(/1 MB/);
  });

  it('escapes the page’s address where footnotes lead to it', () => {
    const elsewhere: AddressResolver = { ...resolver, link: (written) => `https://example.com/?a=1&copy=2${written}` };
    expect(render('A note.[^1]\n\n[^1]: The note.', 'en', elsewhere)).toContain(
      'href="https://example.com/?a=1&amp;copy=2#fn1"',
    );
  });

  it('takes a footnote that is written inside another one out of it, and both stay whole', () => {
    const html = render('a[^1] b[^2]\n\n[^1]: > One begins.\n    >\n    > [^2]: Two.\n    >\n    > One ends.\n', 'en');
    expect(nestingFault(html)).toBeNull();
    expect(html).toMatch(/<li id="fn1"[^>]*><blockquote>\s*<p>One begins\.<\/p>\s*<p>One ends\.<\/p>\s*<\/blockquote>/);
    expect(html).toMatch(/<li id="fn2"[^>]*><p>Two\. /);
    for (const odd of ['[^1]: - [^1]: ', '[^1]: - [^1]: x\n\na[^1]', 'a[^2]\n\n[^1]: > [^2]: > [^3]: z\n']) {
      expect(nestingFault(render(odd, 'en')), odd).toBeNull();
    }
  });

  it('refuses more than a thousand footnotes', () => {
    expect(() => parser.parse('x^[a] '.repeat(2001), 'en')).toThrow(MarkdownError);
    expect(render('x^[a] '.repeat(20))).toContain('id="fn20"');
  });
});

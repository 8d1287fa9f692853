import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailHtml } from '../../src/digest/full-text.ts';
import { growth } from '../support/growth.ts';

describe('mailHtml', () => {
  it('keeps text and links, with spacing inline and headings below the story’s own', () => {
    const html =
      '<h2 id="a" class="b">Head</h2>\n<p>One <a href="https://a.example/" rel="x">two</a>\n<em>three</em></p>';
    expect(mailHtml(html, 'ltr')).toBe(
      '<h4 style="margin:8px 0 6px;font-size:17px">Head</h4> <p style="margin:0 0 14px">One <a href="https://a.example/">two</a> <em>three</em></p>',
    );
  });

  it('indents lists on the reading side', () => {
    expect(mailHtml('<ul><li>a</li></ul>', 'rtl')).toContain('padding-right:22px');
  });

  it('leaves pictures, players and scripts out, and keeps a caption', () => {
    const html =
      '<figure><img src="https://a.example/x.svg" alt=""><figcaption>Cap</figcaption></figure><script>alert(1)</script><video src="x"><p>no</p></video>';
    expect(mailHtml(html, 'ltr')).toBe('<p style="margin:0 0 14px">Cap</p>');
  });

  it('keeps the number that a list begins with', () => {
    expect(mailHtml('<ol start="3" class="x">\n<li>a</li>\n</ol>', 'ltr')).toContain('<ol start="3" style=');
  });

  it('leaves no empty link where a picture stood in one', () => {
    const html =
      '<p><a href="https://a.example/film"><img src="https://a.example/x.png" alt="Film"></a></p>\n<p>One.</p>';
    expect(mailHtml(html, 'ltr')).toBe('<p style="margin:0 0 14px">One.</p>');
  });

  it('keeps the lines of code', () => {
    expect(mailHtml('<pre><code>a\n  b</code></pre>', 'ltr')).toContain('a\n  b');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '#fn1', '/relative'])('drops a link to %s', (href) => {
    expect(mailHtml(`<a href="${href}">x</a>`, 'ltr')).toBe('<a>x</a>');
  });

  it('lets nothing through that is not on its list', () => {
    const part = fc.constantFrom(
      '<',
      '>',
      '"',
      '/',
      ' ',
      'script',
      'p',
      'a',
      'onerror',
      '=',
      'href',
      'javascript:',
      '</mj-text>',
      '<!--',
      '-->',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const out = mailHtml(parts.join(''), 'ltr');
        expect(out).not.toContain('<!--');
        for (const tag of out.match(/<[^>]*>/g) ?? [])
          expect(tag).toMatch(
            /^<\/?(?:p|br|hr|strong|em|a|ul|ol|li|blockquote|pre|code|sub|sup|table|tr|th|td|h4)( href="(https?:|mailto:)[^"<>]*"| start="\d+")?( style="[^"]*")?>$/,
          );
      }),
      { numRuns: 500 },
    );
  });

  it.each(['<a ', '<script', '<script>', '<!--', '<a b="', '<pre>', '<p>\n\n', '<a a '])(
    'takes in step with its length what is a row of %j',
    async (part) => {
      expect(await growth((size) => mailHtml(part.repeat(size / part.length), 'ltr'), 12_000)).toBeLessThan(4);
    },
  );
});

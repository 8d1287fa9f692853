import { describe, expect, it } from 'vitest';
import { sanitize } from '../../../src/content/markdown/sanitize.ts';

const clean = (html: string): string => sanitize(html, () => null);

describe('sanitize', () => {
  it('leaves what our Markdown makes as it is', () => {
    const html = '<h2 id="a">A</h2>\n<p><a href="https://a.example/?b=1&amp;c=2" title="T">x</a><br>\n<em>y</em></p>';
    expect(clean(html)).toBe(html);
  });

  it.each([
    ['<a href="javascript:alert(1)">x</a>', '<a>x</a>'],
    ['<a href="data:text/html,x">x</a>', '<a>x</a>'],
    ['<img src="data:image/png;base64,AA" alt="a">', '<img alt="a" />'],
    ['<p onclick="alert(1)">x</p>', '<p>x</p>'],
    ['<td style="position:fixed">x</td>', '<td>x</td>'],
    ['<sup class="mine">x</sup>', '<sup>x</sup>'],
    ['<script>alert(1)</script>', ''],
    ['<iframe src="https://a.example/"></iframe>x', 'x'],
  ])('takes out what it never makes: %s', (html, left) => {
    expect(clean(html)).toBe(left);
  });
});

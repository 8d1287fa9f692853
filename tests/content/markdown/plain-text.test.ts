import { describe, expect, it } from 'vitest';
import { createPlainText } from '../../../src/content/markdown/plain-text.ts';

const plainText = createPlainText();

describe('createPlainText', () => {
  it('parts paragraphs and keeps headings as they are written', () => {
    expect(plainText('<h2 id="a">The talks</h2><p>One <em>and</em> two.</p><p>Three &amp; four.</p>')).toBe(
      'The talks\n\nOne and two.\n\nThree & four.',
    );
  });

  it('keeps a link’s text without its address, and leaves pictures and the way back from footnotes out', () => {
    const html =
      '<p><a href="https://a.example/">Here</a> <img src="https://a.example/m.png" alt="Map">it is.</p><hr>' +
      '<ol><li id="fn1"><p>Note <a href="#fnref1" class="footnote-backref">↩</a></p></li></ol>';
    const text = plainText(html);
    expect(text).toContain('Here it is.');
    expect(text).toContain('Note');
    expect(text).not.toMatch(/example|Map|↩|---/);
  });

  it('writes a list item by item, the first like the others', () => {
    expect(plainText('<ul>\n<li>one</li>\n<li>two</li>\n</ul>')).toBe(' * one\n * two');
    expect(plainText('<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>')).toBe(' 3. three\n 4. four');
  });

  it('writes a table row by row', () => {
    const lines = plainText('<table><tr><th>Day</th><th>Cars</th></tr><tr><td>Monday</td><td>12</td></tr></table>')
      .split('\n')
      .map((line) => line.trim().replace(/ +/g, ' '));
    expect(lines).toEqual(['Day Cars', 'Monday 12']);
  });

  it('keeps long lines and text that looks like HTML', () => {
    const long = 'word '.repeat(200).trim();
    expect(plainText(`<p>${long}</p>`)).toBe(long);
    expect(plainText('<p>&lt;script&gt;x&lt;/script&gt;</p>')).toBe('<script>x</script>');
  });

  it('takes a table of ten thousand rows', () => {
    const rows = '<tr><td>a</td><td>b</td></tr>'.repeat(10_000);
    expect(plainText(`<table><tbody>${rows}</tbody></table>`).split('\n')).toHaveLength(10_000);
  });
});

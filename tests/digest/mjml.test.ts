import { describe, expect, it } from 'vitest';
import { compileMjml, directTables, slimHtml } from '../../src/digest/mjml.ts';
import { nestingFault, webView, wordView } from '../support/html-balance.ts';

const section = (text: string): string =>
  `<mj-section direction="rtl"><mj-column width="120px" direction="rtl"><mj-text align="right">${text}</mj-text></mj-column><mj-column width="480px" direction="rtl"><mj-text align="right">b</mj-text></mj-column></mj-section>`;
const page = (body: string): string => `<mjml lang="fa" dir="rtl"><mj-body>${body}</mj-body></mjml>`;

describe('compileMjml', () => {
  it('names the fault and shows the line', async () => {
    const source = '<mjml>\n<mj-body>\n<mj-section colour="red"></mj-section>\n</mj-body></mjml>';
    await expect(compileMjml(source, 'ltr', 'digest.mjml.liquid')).rejects.toThrow(
      /digest\.mjml\.liquid makes MJML.*Attribute colour is illegal \(line 3 .*<mj-section colour="red">/,
    );
  });

  it('includes no file', async () => {
    const html = await compileMjml(page(`<mj-include path="/etc/passwd" />${section('a')}`), 'ltr', 'x');
    expect(html).not.toContain('root:');
  });

  it('loads no font from elsewhere', async () => {
    expect(await compileMjml(page(section('a')), 'ltr', 'x')).not.toMatch(/fonts\.googleapis|@import/);
  });

  it('puts dir="rtl" on every table, also where only Word reads it', async () => {
    const html = await compileMjml(page(section('a')), 'rtl', 'x');
    const tables = html.match(/<table[^>]*>/g) ?? [];
    const inComments = (html.match(/<!--\[if mso[\s\S]*?<!\[endif\]-->/g) ?? []).join('').match(/<table[^>]*>/g) ?? [];
    expect(inComments.length).toBeGreaterThanOrEqual(2);
    expect(tables.filter((table) => !table.includes('dir="rtl"'))).toEqual([]);
    expect(html).not.toMatch(/direction:ltr|text-align:left/);
  });

  it('takes braces in the texts of two stories for text', async () => {
    const story = (text: string): string => `<mj-text><p><b class="c">${text}</b></p></mj-text>`;
    const stories = [story('A {{ B'), story('C }} D JUICE_CODE_BLOCK_0_')].join('');
    const head = '<mj-head><mj-style inline="inline">.c{color:red}</mj-style></mj-head>';
    const body = `<mj-body><mj-section><mj-column>${stories}</mj-column></mj-section></mj-body>`;
    const html = await compileMjml(`<mjml>${head}${body}</mjml>`, 'ltr', 'x');
    expect(nestingFault(webView(html))).toBeNull();
    expect(html).toContain('<b class="c" style="color:red">A {{ B</b>');
    expect(html).toContain('<b class="c" style="color:red">C }} D JUICE_CODE_BLOCK_0_</b>');
  });

  it('keeps tags nested in both readings', async () => {
    const html = await compileMjml(page(section('a')), 'rtl', 'x');
    expect(nestingFault(webView(html))).toBeNull();
    expect(nestingFault(wordView(html))).toBeNull();
  });
});

describe('directTables', () => {
  it('leaves a direction that is there', () => {
    expect(directTables('<table dir="ltr"><tr></tr></table><table>')).toBe(
      '<table dir="ltr"><tr></tr></table><table dir="rtl">',
    );
  });
});

describe('slimHtml', () => {
  it('keeps the blank between inline tags and drops it around blocks', () => {
    expect(slimHtml('<div>\n  <p>\n a <b>b</b>\n <i>c</i>\n</p>\n</div>')).toBe(
      '<div><p>a <b>b</b>\n<i>c</i></p></div>',
    );
  });

  it('leaves preformatted text alone', () => {
    expect(slimHtml('<div>\n<pre>  a\n\n    b</pre>\n</div>')).toBe('<div><pre>  a\n\n    b</pre></div>');
  });

  it('drops comments but Word’s and ours', () => {
    expect(slimHtml('<p>a<!-- note --><!--[if mso]><i><![endif]--><!--\uE020--></p>')).toBe(
      '<p>a<!--[if mso]><i><![endif]--><!--\uE020--></p>',
    );
  });

  it('leaves text alone that looks like a style', () => {
    expect(slimHtml('<p>style=&#34;a : b ; &#34;</p>')).toBe('<p>style=&#34;a : b ; &#34;</p>');
  });
});

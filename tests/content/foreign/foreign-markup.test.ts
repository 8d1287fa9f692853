import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findForeignMarkup, withoutComments } from '../../../src/content/foreign/foreign-markup.ts';

describe('findForeignMarkup', () => {
  it.each([
    ['{{< figure src="a.png" >}}', 'shortcode'],
    ['{{% notice %}}', 'shortcode'],
    ['[caption id="x" width="3"]A judge[/caption]', 'shortcode'],
    ['[gallery ids="1,2"]', 'shortcode'],
    ['[gallery]', 'shortcode'],
    ['[embed]https://video.example/1[/embed]', 'shortcode'],
    ['{% post_url 2019-05-01-x %}', 'template-tag'],
    ['{{ site.title }}', 'template-tag'],
    ['{: .lead}', 'attribute-list'],
    ['A <b>word</b>', 'raw-html'],
    ['<iframe src="https://video.example/1"></iframe>', 'raw-html'],
    ['Line<br />', 'raw-html'],
  ])('names %s with the line it stands on', (line, code) => {
    const found = findForeignMarkup(`Text.\n\n${line}\n`);
    expect(found).toMatchObject([{ line: 3, code }]);
    expect(found[0]?.message).toMatch(/\.$/);
  });

  it.each([
    'a < b and c > d',
    '![map](<a map.png>) and [text](<other text.md> "Text")\n\n[map]: <a map.png>',
    '<https://dispatch.example/> and <desk@dispatch.example>',
    '`<b>` and ``{{ x }}``',
    '```\n<b>{{< x >}}</b>\n```',
    '~~~html\n<p>\n```\n</p>\n~~~',
    '[audio](talk.mp3) and [gallery](/gallery)',
    'See the [video of 2012][1].\n\n[1]: /video',
    '[embed]: https://dispatch.example/',
    'a note[^1]\n\n[^1]: text',
    '{ "json": 1 }',
  ])('says nothing of %s', (body) => {
    expect(findForeignMarkup(body)).toEqual([]);
  });

  it('says each kind once, at its first line, and how much more there is', () => {
    const found = findForeignMarkup('<p>one</p>\n{{< x >}}\n<p>two</p>\n<p>three</p>\n');
    expect(found).toMatchObject([
      { line: 1, code: 'raw-html' },
      { line: 2, code: 'shortcode' },
    ]);
    expect(found[0]?.message).toContain('2 other lines');
  });
});

describe('withoutComments', () => {
  it.each([
    ['One.\n<!--more-->\nTwo.', 'One.\n\nTwo.'],
    ['One <!-- a note --> two', 'One  two'],
    ['One\n<!-- a\nb\nc -->\nTwo', 'One\n\n\n\nTwo'],
    ['<!-- a --><!-- b -->Text', 'Text'],
    ['`<!-- shown -->` text', '`<!-- shown -->` text'],
    ['```\n<!-- shown -->\n```\n<!-- gone -->', '```\n<!-- shown -->\n```\n'],
    ['never <!-- closed', 'never <!-- closed'],
    ['no comment', 'no comment'],
  ])('makes of %j %j', (body, expected) => {
    expect(withoutComments(body)).toBe(expected);
  });

  it('leaves every line where it is', () => {
    const piece = fc.constantFrom('<!--', '-->', '\n', '`', 'text', '```\n', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const body = pieces.join('');
        expect(withoutComments(body).split('\n').length).toBe(body.split('\n').length);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { findFault } from '../../../src/feeds/formats/well-formed.ts';
import { entryOf, renderFeed } from '../../support/feed-fixtures.ts';

describe('findFault', () => {
  it('finds none in documents and entries', () => {
    const documents = renderFeed([entryOf(), entryOf({ id: 'urn:two' })]);
    for (const format of ['rss', 'atom', 'json'] as const) expect(findFault(format, documents[format])).toBeNull();
    expect(findFault('rss', '<item><title>One</title></item>')).toBeNull();
    expect(findFault('json', '{"id": "x"}')).toBeNull();
    for (const text of [
      '<a:b c="1" d:e=\'"&amp;\' ><f/>&lt;&#x26;&#60;&#x1F5DE;</a:b>\n',
      '<a><![CDATA[<b>&nbsp; ]] ]>]]></a>',
      '<a>]] &gt;</a>',
    ]) {
      expect(findFault('atom', text)).toBeNull();
    }
  });

  it('finds what no XML parser would take', () => {
    const broken = [
      '',
      'text',
      '<item>',
      '<item><title></item>',
      '<item></item></channel>',
      '<item/><item/>',
      '<item/>tail',
      '<item>a & b</item>',
      '<item>\u0001</item>',
      '<item>\uffff</item>',
      '<item>\ud800</item>',
      '<item a=1/>',
      '<item a="<"/>',
      '<item a="1" a="2"/>',
      '<item a="1"b="2"/>',
      '<item a="&"/>',
      '<item>&nbsp;</item>',
      '<item>&#0;</item>',
      '<item>&#xFFFF;</item>',
      '<item>&#x110000;</item>',
      '<item>&amp</item>',
      '<item>]]></item>',
      '<item></item a="1">',
      '<![CDATA[x]]><item/>',
      '<item',
      '< item/>',
      '<item><![CDATA[ a ]]> b ]]></item',
      '<item><![CDATA[ never closed </item>',
    ];
    expect(broken.filter((text) => findFault('rss', text) === null)).toEqual([]);
  });

  it('finds what isn’t JSON', () => {
    for (const text of ['', '{', '{"a": undefined}', '[1,]']) expect(findFault('json', text)).not.toBeNull();
  });
});

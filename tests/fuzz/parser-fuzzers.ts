import fc from 'fast-check';
import { splitFrontMatter } from '../../src/content/front-matter/front-matter.ts';
import { audioLength } from '../../src/content/media/audio-length.ts';
import { pictureSize } from '../../src/content/media/picture-size.ts';
import { classifyMail } from '../../src/delivery/bounces/classify-mail.ts';
import { parseRelayUrl } from '../../src/delivery/relay/relay-url.ts';
import { ReplyParser } from '../../src/delivery/smtp/reply-parser.ts';
import { AppError } from '../../src/errors.ts';
import { parseForeignFeed } from '../../src/feeds/foreign-feed.ts';
import { parseSelection } from '../../src/feeds/selection.ts';
import { parseCronFields } from '../../src/schedule/cron-fields.ts';
import { readCsvRecords } from '../../src/subscribers/csv-records.ts';
import { parseEmailAddress } from '../../src/subscribers/email-address.ts';
import { readRange } from '../../src/web/byte-range.ts';
import { acceptedCodings } from '../../src/web/content-coding.ts';
import { weighConditions } from '../../src/web/http-conditions.ts';
import { readPostedFile } from '../../src/web/multipart-file.ts';
import { siteOf } from '../support/feed-fixtures.ts';
import { createFuzzer, type Fuzzer, type FuzzTarget, textOf } from './fuzz-target.ts';

const isSentence = (error: unknown): boolean => error instanceof AppError && error.message !== '';
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

const beginnings = [
  ...[
    '\x89PNG\r\n\x1a\n',
    '\xff\xd8\xff\xe0',
    '\xff\xd8\xff\xe1',
    'Exif\0\0II*\0',
    'GIF89a',
    'RIFF',
    'WEBPVP8 ',
    'WEBPVP8X',
  ],
  ...[
    'ftypavif',
    'meta',
    'iprp',
    'ipco',
    'ispe',
    '<svg ',
    'viewBox="0 0 1 1"',
    'width="',
    'ID3\x04\0',
    '\xff\xfb\x90\0',
  ],
  ...[
    'OggS',
    'OpusHead',
    '\x01vorbis',
    'fLaC',
    'WAVEfmt ',
    'data',
    'ftypM4A ',
    'moov',
    'mvhd',
    '\0\0\0\x18',
    '\xff',
    '\0',
  ],
];
const bytes = textOf(beginnings, 20_000).map(latin1);

const yamlScraps = [
  ...[
    '---',
    '\n',
    '\r\n',
    'title: ',
    'date: 2023-04-09',
    ': ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '&a ',
    '*a',
    '!!',
    '!!js/function ',
  ],
  ...[
    '<<: ',
    '? ',
    '| ',
    '>\n',
    '"',
    "'",
    '#',
    '  ',
    '\t',
    '\\x',
    '\\u202e',
    '~',
    '.nan',
    '0x',
    '1e9',
    '__proto__',
    '\uFEFF',
  ],
];
const mailScraps = [
  ...[
    'From: a@b.test',
    'To: ',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
    '\r\n',
    '\r\n\r\n',
  ],
  ...[
    '--x',
    '--x--',
    'Content-Type: message/delivery-status',
    'Content-Type: message/rfc822',
    'Final-Recipient: rfc822; a@b.test',
  ],
  ...[
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 No',
    'Message-ID: <',
    '=?utf-8?B?',
    '?=',
    ';',
    '"',
  ],
  ...[
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: quoted-printable',
    '=\r\n',
    '=C3',
    'charset=utf-16',
  ],
];
const feedScraps = [
  ...[
    '<?xml version="1.0"?>',
    '<rss>',
    '<channel>',
    '<item>',
    '<guid>',
    '<link>',
    '<title>',
    '</title>',
    '</item>',
    '</rss>',
  ],
  ...[
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    '<entry>',
    '<id>',
    '<link href="',
    '"/>',
    '<urlset>',
    '<loc>',
    '<![CDATA[',
  ],
  ...[
    ']]>',
    '<!DOCTYPE x [<!ENTITY a "',
    '&a;',
    '&#',
    ';',
    '<!--',
    '-->',
    '<wp:post_type>',
    '="',
    "='",
    '\0',
    'https://a.example/',
  ],
];
const csvScraps = [
  'email',
  ',',
  ';',
  '\t',
  '"',
  '""',
  '\n',
  '\r\n',
  'a@b.test',
  'sep=;',
  '\uFEFF',
  '\0',
  ' ',
  '=1+1',
  'Ա',
];
const addressScraps = [
  '@',
  '.',
  '..',
  '"',
  '\\',
  '<',
  '>',
  '(',
  ')',
  'a',
  'xn--',
  'ünï',
  '。',
  '[127.0.0.1]',
  ' ',
  '\r\n',
  '%',
  '\u202e',
];
const headerScraps = [
  'gzip',
  'br',
  '*',
  ';q=',
  '0',
  '1',
  '.',
  ',',
  ' ',
  'W/',
  '"',
  '"a"',
  'bytes=',
  '-',
  '999999999999',
  'Sun, 06 Nov 1994 08:49:37 GMT',
];
const queryScraps = [
  'country',
  'topic',
  'author',
  '=',
  '&',
  ',',
  'armenia',
  'georgia',
  'ana',
  '%2C',
  '%',
  '%00',
  '+',
  '__proto__',
  'constructor',
  'utm_source',
];
const cronScraps = ['*', '/', '-', ',', ' ', '0', '7', '59', '60', 'FRI', 'L', '#', '?', '@daily', '99999999'];
const urlScraps = [
  'smtp',
  'smtps',
  '://',
  'user',
  ':',
  'p%40ss',
  '@',
  'relay.test',
  '[::1]',
  ':587',
  '/',
  '?',
  'tls=',
  'none',
  '&',
  'ca=',
  '%',
  '#',
];
const replyScraps = ['250', '-', ' ', 'OK', '\r\n', '\n', '\r', '5.1.1', '354', '999', '\0', 'PIPELINING'];

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += 997) yield Buffer.from(text.slice(at, at + 997));
}

async function drain(records: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of records) count += 1;
  return count;
}

function readReplies(text: string): number {
  const parser = new ReplyParser();
  let count = 0;
  for (let at = 0; at < text.length; at += 97) {
    parser.push(latin1(text.slice(at, at + 97)), ({ code }) => {
      if (!(code >= 200 && code <= 599)) throw new Error(`It tells of an answer ${code}.`);
      count += 1;
    });
  }
  return count;
}

/** Whatever reads a part of what others wrote. */
export function parserFuzzers(): Fuzzer[] {
  const site = siteOf();
  const fuzzers: Fuzzer[] = [];
  const add = <Input>(target: FuzzTarget<Input>): void => void fuzzers.push(createFuzzer(target));
  add({ name: 'front matter', input: textOf(yamlScraps, 60_000), run: (text) => splitFrontMatter(text) });
  add({ name: 'a picture’s size', input: bytes, run: (some) => pictureSize(some) });
  add({
    name: 'a recording’s length',
    input: bytes,
    run: (some) => audioLength({ size: some.length, read: async (at, length) => some.subarray(at, at + length) }),
  });
  // A command's own file: every fault in it costs a stack trace.
  add({
    name: 'a feed of another system',
    input: textOf(feedScraps, 4000),
    run: (text) => parseForeignFeed(text),
    slowestMs: 1000,
  });
  add({ name: 'a selection', input: textOf(queryScraps, 8000), run: (query) => parseSelection(query, site) });
  add({ name: 'Accept-Encoding', input: textOf(headerScraps, 8000), run: (header) => acceptedCodings(header) });
  add({
    name: 'conditions and ranges',
    input: fc.record({ tags: textOf(headerScraps, 8000), range: textOf(headerScraps, 8000) }),
    run: ({ tags, range }) => [
      weighConditions({ ifNoneMatch: tags, ifMatch: range, ifModifiedSince: tags }, ['"a"'], 0),
      readRange({ range, ifRange: tags }, 1000, { etag: '"a"', lastModified: 0 }, 1e12),
    ],
  });
  add({
    name: 'an upload',
    input: textOf(
      ['--x', '\r\n', '--', 'Content-Disposition: form-data; name="file"; filename="', '"', '\r\n\r\n'],
      60_000,
    ),
    run: async (text) =>
      drain((await readPostedFile(chunksOf(`--x\r\n${text}`), 'multipart/form-data; boundary=x')).bytes),
    isRefusal: isSentence,
  });
  add({
    name: 'CSV',
    input: textOf(csvScraps, 60_000),
    run: (text) => drain(readCsvRecords(chunksOf(text))),
    isRefusal: isSentence,
  });
  add({ name: 'an address', input: textOf(addressScraps, 2000), run: (text) => parseEmailAddress(text) });
  add({ name: 'mail that comes back', input: textOf(mailScraps, 20_000).map(latin1), run: (raw) => classifyMail(raw) });
  add({ name: 'a relay’s answers', input: textOf(replyScraps, 60_000), run: readReplies, isRefusal: isSentence });
  add({
    name: 'a relay’s URL',
    input: textOf(urlScraps, 2000),
    run: (text) => parseRelayUrl(text),
    isRefusal: isSentence,
  });
  add({
    name: 'a schedule',
    input: textOf(cronScraps, 2000),
    run: (text) => parseCronFields(text),
    isRefusal: isSentence,
  });
  return fuzzers;
}

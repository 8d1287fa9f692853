import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyParser, type ServerReply } from '../../../src/delivery/smtp/reply-parser.ts';

/** What comes of these bytes, given in chunks of so many. */
function parse(text: string, chunkBytes = Number.POSITIVE_INFINITY): ServerReply[] {
  const parser = new ReplyParser();
  const replies: ServerReply[] = [];
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    parser.push(bytes.subarray(at, at + chunkBytes), (reply) => replies.push(reply));
  }
  return replies;
}

describe('ReplyParser', () => {
  it('reads answers of one line and of several', () => {
    expect(parse('250 2.1.0 ok\r\n250-sink\r\n250-PIPELINING\r\n250 SIZE 100\r\n354\r\n')).toEqual([
      { code: 250, text: '250 2.1.0 ok' },
      { code: 250, text: '250-sink\n250-PIPELINING\n250 SIZE 100' },
      { code: 354, text: '354' },
    ]);
  });

  it('reads lines that end in a bare LF', () => {
    expect(parse('250-a\n250 b\n')).toEqual([{ code: 250, text: '250-a\n250 b' }]);
  });

  it('reads the same however the bytes are cut', () => {
    const line = fc.stringMatching(/^[a-zäж .-]{0,30}$/);
    const reply = fc.tuple(fc.integer({ min: 200, max: 599 }), fc.array(line, { minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 5 }), fc.integer({ min: 1, max: 20 }), (replies, chunkBytes) => {
        const render = ([code, lines]: [number, string[]]): string[] =>
          lines.map((text, index) => `${code}${index < lines.length - 1 ? '-' : ' '}${text}`);
        const text = replies.map((one) => `${render(one).join('\r\n')}\r\n`).join('');
        expect(parse(text, chunkBytes)).toEqual(replies.map((one) => ({ code: one[0], text: render(one).join('\n') })));
      }),
    );
  });

  it('knows whether it holds a part of an answer', () => {
    const parser = new ReplyParser();
    expect(parser.isIdle).toBe(true);
    parser.push(Buffer.from('25'), () => {});
    expect(parser.isIdle).toBe(false);
    parser.push(Buffer.from('0-a\r\n'), () => {});
    expect(parser.isIdle).toBe(false);
    parser.push(Buffer.from('250 b\r\n'), () => {});
    expect(parser.isIdle).toBe(true);
  });

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n', 'is none: “HTTP/1.1 400 Bad Request”'],
    ['\r\n', 'is none: “”'],
    ['25 ok\r\n', 'is none'],
    ['250_ok\r\n', 'is none'],
    ['150 what\r\n', 'is none'],
    ['650 what\r\n', 'is none'],
    ['\x00\x01\x02garbage\r\n', 'is none: “???garbage”'],
    ['250-one\r\n550 two\r\n', 'has another code than its first line: “550 two”'],
  ])('refuses %j', (text, sentence) => {
    expect(() => parse(text)).toThrow(sentence);
  });

  it('takes an answer of 512 KB and keeps its beginning, and refuses a longer one', () => {
    const line = (bytes: number): string => `250-${'x'.repeat(bytes - 6)}\r\n`;
    const [reply] = parse(`${line(1000).repeat(500)}250 end\r\n`, 700);
    expect(reply?.code).toBe(250);
    expect(reply?.text.length).toBeLessThan(20_000);
    expect(() => parse(line(1000).repeat(600))).toThrow('longer than 512 KB');
    expect(() => parse('250 '.padEnd(600_000, 'x'), 1000)).toThrow('longer than 512 KB');
  });
});

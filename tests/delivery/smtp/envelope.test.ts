import { describe, expect, it } from 'vitest';
import { renderEnvelope } from '../../../src/delivery/smtp/envelope.ts';
import { type Extensions, noExtensions, parseExtensions } from '../../../src/delivery/smtp/extensions.ts';
import { createWireContents } from '../../../src/delivery/smtp/wire-content.ts';

function envelopeOf(
  extensions: Partial<Extensions>,
  { from = 'digest@dispatch.example', to = 'reader@example.com', content = 'Hello\r\n' } = {},
) {
  const chunks = [Buffer.from(content)];
  const message = { from, to, content: chunks, begin: async () => true };
  return renderEnvelope(message, createWireContents()(chunks), { ...noExtensions, ...extensions });
}

describe('parseExtensions', () => {
  it('reads what a server announces, in any case and in the old form too', () => {
    expect(
      parseExtensions(
        '250-sink says hello\n250-pipelining\n250-Size 1000\n250-AUTH PLAIN\n250-AUTH=LOGIN PLAIN\n250 8BITMIME',
      ),
    ).toEqual({
      pipelining: true,
      startTls: false,
      eightBitMime: true,
      smtpUtf8: false,
      size: { maxBytes: 1000 },
      auth: ['PLAIN', 'LOGIN'],
    });
  });

  it('takes SIZE 0, and SIZE alone, for no limit', () => {
    expect(parseExtensions('250-a\n250 SIZE 0').size).toEqual({ maxBytes: null });
    expect(parseExtensions('250-a\n250 SIZE').size).toEqual({ maxBytes: null });
  });

  it('takes the first line for no extension', () => {
    expect(parseExtensions('250 PIPELINING')).toEqual(noExtensions);
  });
});

describe('renderEnvelope', () => {
  it('names sender and recipient, and no parameter that was not announced', () => {
    expect(envelopeOf({})).toEqual({
      mail: 'MAIL FROM:<digest@dispatch.example>\r\n',
      rcpt: 'RCPT TO:<reader@example.com>\r\n',
    });
  });

  it('says the size, and what needs saying', () => {
    const all = { size: { maxBytes: null }, eightBitMime: true, smtpUtf8: true };
    expect(envelopeOf(all, { content: 'é\r\n', to: 'ваня@example.com' })).toMatchObject({
      mail: 'MAIL FROM:<digest@dispatch.example> SIZE=4 BODY=8BITMIME SMTPUTF8\r\n',
    });
  });

  it.each([
    ['a message that is too large', { size: { maxBytes: 3 } }, {}, '552 5.3.4', 'mail'],
    ['eight-bit text', {}, { content: 'é' }, '554 5.6.3', 'mail'],
    ['an address in Cyrillic', {}, { to: 'ваня@example.com' }, '553 5.6.7', 'rcpt'],
    [
      'an address that ends its line',
      { smtpUtf8: true },
      { to: 'a@example.com>\r\nRCPT TO:<b@example.com' },
      '553 5.1.3',
      'rcpt',
    ],
    ['a sender with a space', {}, { from: 'a b@example.com' }, '553 5.1.7', 'mail'],
  ])('refuses %s where the server takes none', (_, extensions, message, reply, phase) => {
    expect(envelopeOf(extensions, message)).toEqual({ refusal: expect.stringContaining(reply), phase });
  });
});

describe('createWireContents', () => {
  const toWire = createWireContents();
  const wire = (...chunks: string[]) =>
    Buffer.concat(toWire(chunks.map((chunk) => Buffer.from(chunk))).chunks).toString();

  it('doubles dots at the start of a line, wherever the message is cut', () => {
    expect(wire('.a\r\n..b\r\nc.\r\n', '.d\r\n', 'e', '.f\r\n')).toBe('..a\r\n...b\r\nc.\r\n..d\r\ne.f\r\n');
  });

  it('ends the last line', () => {
    expect(wire('a\r\n', 'b')).toBe('a\r\nb\r\n');
    expect(wire()).toBe('');
  });

  it('hands a buffer without dots on as it is, and finds the same in it again', () => {
    const chunk = Buffer.from(`${'word '.repeat(400)}\r\n`);
    expect(toWire([chunk]).chunks[0]).toBe(chunk);
    expect(toWire([chunk])).toEqual({ chunks: [chunk], bytes: chunk.length, isAscii: true });
  });

  it('cuts what is long', () => {
    const { chunks, bytes } = toWire([Buffer.alloc(600_000, 'x'), Buffer.from('\r\n')]);
    expect(chunks.every(({ length }) => length <= 256 * 1024)).toBe(true);
    expect(bytes).toBe(600_002);
  });
});

import type { SessionMessage } from '../relay/smtp-session.ts';
import type { Phase } from '../transport.ts';
import type { Extensions } from './extensions.ts';
import type { WireContent } from './wire-content.ts';

/** The two lines that name a message's sender and its one recipient, or why it can't be sent to this server. */
export type Envelope =
  | { readonly mail: string; readonly rcpt: string }
  /** In the form of the server's own answers. */
  | { readonly refusal: string; readonly phase: Phase };

/** MAIL and RCPT with the parameters that the server's extensions allow and the message needs. */
export function renderEnvelope(
  { from, to }: SessionMessage,
  { bytes, isAscii }: WireContent,
  extensions: Extensions,
): Envelope {
  // Nothing in an address may end its line or the path around it.
  if (!isPath(from)) return { refusal: '553 5.1.7 The sender’s address can’t be used.', phase: 'mail' };
  if (!isPath(to)) return { refusal: '553 5.1.3 The address can’t be used.', phase: 'rcpt' };
  let parameters = '';
  const { size } = extensions;
  if (size !== null) {
    if (size.maxBytes !== null && bytes > size.maxBytes) {
      const refusal = `552 5.3.4 The message has ${bytes} bytes, and the relay takes ${size.maxBytes}.`;
      return { refusal, phase: 'mail' };
    }
    parameters += ` SIZE=${bytes}`;
  }
  if (!isAscii) {
    if (!extensions.eightBitMime) return { refusal: '554 5.6.3 The relay takes no eight-bit text.', phase: 'mail' };
    parameters += ' BODY=8BITMIME';
  }
  if (!isPlain(from) || !isPlain(to)) {
    if (!extensions.smtpUtf8) return { refusal: '553 5.6.7 The relay takes no such address.', phase: 'rcpt' };
    parameters += ' SMTPUTF8';
  }
  return { mail: `MAIL FROM:<${from}>${parameters}\r\n`, rcpt: `RCPT TO:<${to}>\r\n` };
}

/** Whether it may stand between angle brackets. */
function isPath(address: string): boolean {
  return /^[^\s<>\x00-\x20\x7f]+$/.test(address);
}

function isPlain(address: string): boolean {
  return /^[\x21-\x7e]+$/.test(address);
}

import type { DkimSigner } from '../dkim/dkim-signer.ts';
import type { MessageBytes } from '../transport.ts';

/**
 * A whole message, signed where there is something to sign with.
 *
 * @param header Its lines, each ended by CRLF.
 * @param body What follows the blank line.
 */
export function finishMessage(
  signer: DkimSigner | null,
  header: string,
  body: readonly Buffer[],
): MessageBytes | Promise<MessageBytes> {
  const join = (signatures: string): MessageBytes => [Buffer.from(`${signatures}${header}\r\n`, 'latin1'), ...body];
  return signer === null ? join('') : signer.sign(header, body).then(join);
}

import type { DkimSigner } from './dkim/dkim-signer.ts';

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
): Buffer | Promise<Buffer> {
  const join = (signatures: string): Buffer =>
    Buffer.concat([Buffer.from(`${signatures}${header}\r\n`, 'latin1'), ...body]);
  return signer === null ? join('') : signer.sign(header, body).then(join);
}

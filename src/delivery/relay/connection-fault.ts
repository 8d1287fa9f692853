import { sentenceOf } from '../../errors.ts';

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Why a connection to a mail server failed, in words. What OpenSSL says names a file of its source, and what Node says of a
 * certificate a switch of its own, where ours is `?ca=`.
 */
export function connectionFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return 'what answers there speaks no TLS from the first byte (with STARTTLS the address begins with smtp: or imap:)';
  }
  if (untrusted.has(code)) return `its certificate isn’t trusted (${code}); ?ca=FILE names its authority`;
  return sentenceOf(error);
}

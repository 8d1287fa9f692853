/**
 * What a signature covers, each once more than it stands in the message: one that somebody adds on the way breaks the
 * signature (RFC 6376 §8.15). RFC 8058 §4 asks for both List-Unsubscribe fields.
 */
export const signedHeaders = [
  'From',
  'To',
  'Cc',
  'Subject',
  'Date',
  'Message-ID',
  'Reply-To',
  'MIME-Version',
  'Content-Type',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Id',
] as const;

export type SignedHeader = (typeof signedHeaders)[number];

/** What may be left unsigned where a relay rewrites it. Never From (RFC 6376 §5.4). */
export const omittableHeaders = signedHeaders.filter((name) => name !== 'From');

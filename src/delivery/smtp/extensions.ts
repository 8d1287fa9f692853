/** What a server announces in its answer to EHLO (RFC 5321 §4.1.1.1), as far as it matters here. */
export interface Extensions {
  /** RFC 2920. */
  readonly pipelining: boolean;
  /** RFC 3207. */
  readonly startTls: boolean;
  /** RFC 6152. */
  readonly eightBitMime: boolean;
  /** RFC 6531. */
  readonly smtpUtf8: boolean;
  /** RFC 1870; null where there is no SIZE. */
  readonly size: { readonly maxBytes: number | null } | null;
  /** Mechanisms of AUTH in upper case (RFC 4954). */
  readonly auth: readonly string[];
}

/** What a server has that knows no EHLO. */
export const noExtensions: Extensions = {
  pipelining: false,
  startTls: false,
  eightBitMime: false,
  smtpUtf8: false,
  size: null,
  auth: [],
};

/** Reads an answer to EHLO; its first line is only a greeting. */
export function parseExtensions(text: string): Extensions {
  const words = text
    .split('\n')
    .slice(1)
    // Old servers write AUTH=LOGIN.
    .map((line) =>
      line
        .slice(4)
        .trim()
        .toUpperCase()
        .replace(/^AUTH=/, 'AUTH ')
        .split(/\s+/),
    );
  const find = (keyword: string): string[] | undefined => words.find(([first]) => first === keyword);
  const size = find('SIZE');
  // SIZE 0 means no fixed limit (RFC 1870 §4).
  const maxBytes = Number(size?.[1] ?? 0);
  return {
    pipelining: find('PIPELINING') !== undefined,
    startTls: find('STARTTLS') !== undefined,
    eightBitMime: find('8BITMIME') !== undefined,
    smtpUtf8: find('SMTPUTF8') !== undefined,
    size: size === undefined ? null : { maxBytes: maxBytes > 0 ? maxBytes : null },
    auth: [...new Set(words.filter(([first]) => first === 'AUTH').flatMap(([, ...mechanisms]) => mechanisms))],
  };
}

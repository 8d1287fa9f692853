import { commonHeaders } from '../security-headers.ts';

const policy: readonly string[] = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];

/** What every page of the console carries. */
export const consoleHeaders: Readonly<Record<string, string>> = {
  ...commonHeaders,
  // With `no-referrer` browsers say `Origin: null` on our own forms.
  'referrer-policy': 'same-origin',
  'content-security-policy': policy.join('; '),
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
};

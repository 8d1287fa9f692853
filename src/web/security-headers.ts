/** What every answer carries, whatever it is. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'browsing-topics=(), camera=(), geolocation=(), microphone=()',
};

/** Pages of the site: no script at all, and nothing inline. */
export const pageCsp = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' https: data:",
  "media-src 'self' https:",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const mailPolicy: readonly string[] = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src 'self' https: http: data:",
  "form-action 'none'",
  "base-uri 'none'",
];

/** An edition's web version: a mail's HTML, whose styles stand inline. */
export const editionCsp = [...mailPolicy, "frame-ancestors 'none'"].join('; ');

/** A mail that the console shows: without scripts, forms and our origin; its links open tabs of their own. */
export const mailPreviewCsp = [
  ...mailPolicy,
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation',
].join('; ');

/** A file beside an article: an SVG opened on its own may not run anything. */
export const fileCsp = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'";

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * What writes dates in this way, made once: making one takes far longer than using it. There are as many as languages,
 * zones and ways.
 */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  const format = known ?? new Intl.DateTimeFormat(locale, options);
  if (!known) formats.set(key, format);
  return format;
}

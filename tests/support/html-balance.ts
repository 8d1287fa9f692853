const voidTags = new Set([
  'area',
  'br',
  'col',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
  'o:pixelsperinch',
]);

/** What a mail's HTML is for every program but Word: conditional comments gone, revealed ones opened. */
export function webView(html: string): string {
  return html
    .replace(/<!--\[if !mso\]><!-->|<!--<!\[endif\]-->/g, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<!doctype[^>]*>/i, '');
}

/** What Word reads: the conditional comments' content too. */
export function wordView(html: string): string {
  return html
    .replace(/<!--\[if !mso\]><!-->[\s\S]*?<!--<!\[endif\]-->/g, '')
    .replace(/<!--\[if [^\]]*\]>|<!\[endif\]-->/g, '')
    .replace(/<noscript>|<\/noscript>/g, '')
    .replace(/<!doctype[^>]*>/i, '');
}

/** The first fault in how tags are nested, or null. Stricter than a browser, which would mend it in silence. */
export function nestingFault(html: string): string | null {
  const open: string[] = [];
  const source = html.replace(/<style[\s\S]*?<\/style>/g, '');
  for (const [tag, slash, name = '', closed] of source.matchAll(/<(\/?)([a-z][a-z0-9:]*)(?:"[^"]*"|[^>"])*?(\/?)>/gi)) {
    if (voidTags.has(name.toLowerCase()) || closed === '/') continue;
    if (slash !== '/') {
      open.push(name.toLowerCase());
      continue;
    }
    const last = open.pop();
    if (last !== name.toLowerCase()) return `${tag} closes <${last ?? 'nothing'}>`;
  }
  return open.length === 0 ? null : `<${open.join('> <')}> stays open`;
}

/** The first tag that has an attribute twice, or null. Browsers drop the second in silence; validators don't. */
export function repeatedAttribute(html: string): string | null {
  for (const [tag, attributes = ''] of html.matchAll(/<[a-z][a-z0-9:]*((?:"[^"]*"|[^>"])*)>/gi)) {
    const names = attributes.replace(/"[^"]*"/g, '').match(/[^\s=/]+/g) ?? [];
    if (new Set(names).size < names.length) return tag;
  }
  return null;
}

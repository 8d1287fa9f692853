/**
 * What of a page’s markup does nothing where no script runs, each as a sentence. What renews itself now and then may: a
 * reload shows the same.
 */
export function scriptOnlyParts(page: string): string[] {
  const faults: string[] = [];
  for (const [tag = '', name = ''] of page.matchAll(/<(\w+)(?:"[^"]*"|[^">])*>/g)) {
    const asked = attributeOf(tag, 'hx-get');
    const trigger = attributeOf(tag, 'hx-trigger') ?? '';
    const hasWay =
      name === 'form'
        ? asked === null || attributeOf(tag, 'action') === asked
        : asked === null || trigger.startsWith('every') || (trigger.startsWith('load') && hasLink(page, asked));
    const isDeed = /\shx-(?:post|put|patch|delete|boost)=/.test(tag);
    if (!hasWay || isDeed) faults.push(`nothing but a script does ${tag}`);
    if (attributeOf(tag, 'sse-connect') !== null && !page.includes('<noscript>')) faults.push(`no link renews ${tag}`);
  }
  const outside = page.replace(/<form\b[\s\S]*?<\/form>/g, '');
  for (const [button] of outside.matchAll(/<button\b[^>]*>/g)) faults.push(`no form has ${button}`);
  return faults;
}

function attributeOf(tag: string, attribute: string): string | null {
  return new RegExp(`\\s${attribute}="([^"]*)"`).exec(tag)?.[1] ?? null;
}

/** Whether a link leads there, or loads the page again. */
function hasLink(page: string, path: string): boolean {
  return page.includes(' href=""') || page.includes(` href="${path}"`);
}

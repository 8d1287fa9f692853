/** How a mail is looked at. */
export interface MailLook {
  readonly scheme: 'light' | 'dark';
  readonly images: boolean;
}

/**
 * A mail’s HTML as a program in light or dark colours shows it, whatever the colours of whoever looks: what its styles
 * ask of the reader’s system is answered in them. Without images as programs show it that block them: by alt text.
 */
export function shownMail(html: string, { scheme, images }: MailLook): string {
  const answered = html
    .replace(/\(\s*prefers-color-scheme:\s*(light|dark)\s*\)/gi, (_query, wanted: string) =>
      wanted === scheme ? 'all' : 'not all',
    )
    .replace(/(color-schemes?:\s*)light dark/gi, (_rule, property: string) => `${property}${scheme}`)
    .replace(/(name="(?:supported-)?color-schemes?" content=")light dark/gi, (_meta, start: string) => start + scheme);
  return images ? answered : withoutImages(answered);
}

function withoutImages(html: string): string {
  return html
    .replace(/<source\b[^>]*>/gi, '')
    .replace(/<img\b[^>]*>/gi, (image) => image.replace(/\s(?:src|srcset)="[^"]*"/gi, ''))
    .replace(/\sbackground="[^"]*"/gi, '')
    .replace(/url\([^)]*\)/gi, 'none');
}

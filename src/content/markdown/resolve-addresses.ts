import type { Token } from 'markdown-it';

export interface ResolvedPicture {
  readonly url: string;
  /** Pixels. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

export interface AddressResolver {
  /** Absolute URL, or null. */
  link(written: string): string | null;
  picture(written: string): ResolvedPicture | null;
}

/** Writes the URLs into the tokens of one paragraph; what has none becomes plain text. */
export function resolveAddresses(tokens: readonly Token[], resolve: AddressResolver): void {
  /** For each open link, whether it was taken out. */
  const open: boolean[] = [];
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const url = resolve.link(token.attrGet('href') ?? '');
      open.push(url === null);
      if (url === null) becomeText(token, '');
      else token.attrSet('href', url);
    } else if (token.type === 'link_close') {
      if (open.pop()) becomeText(token, '');
    } else if (token.type === 'image') {
      resolvePicture(token, resolve);
    }
  }
}

function resolvePicture(token: Token, resolve: AddressResolver): void {
  const picture = resolve.picture(token.attrGet('src') ?? '');
  if (!picture) {
    becomeText(token, token.content);
    return;
  }
  token.attrSet('src', picture.url);
  if (picture.width !== undefined && picture.height !== undefined) {
    token.attrSet('width', String(picture.width));
    token.attrSet('height', String(picture.height));
  }
}

function becomeText(token: Token, text: string): void {
  token.type = 'text';
  token.tag = '';
  token.nesting = 0;
  token.attrs = null;
  token.children = null;
  token.content = text;
}

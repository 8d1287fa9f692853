/** The light values of the publication's colours; a picture is opaque and serves dark pages too. */
export const colour = {
  sheet: '#ffffff',
  ink: '#131f29',
  ink2: '#414e58',
  ink3: '#57636c',
  madder: '#9e1f35',
  indigo: '#1b4b7e',
  indigoTint: '#e1ebf5',
  weld: '#dda53a',
  spruce: '#17664c',
  sea: '#dce6ea',
  weft: '#c6d5db',
  land: '#f6f7f5',
  focus: '#e7dfcb',
  line: '#6d7a81',
  water: '#8fa9b5',
} as const;

export const sans = "'Source Sans 3','Open Sans','Noto Sans','Segoe UI',Arial,sans-serif";
export const serif = "'Source Serif 4',Georgia,'Noto Serif','Times New Roman',serif";

export const width = 1200;
export const height = 600;

export type Pixel = readonly [x: number, y: number];

export const round = (value: number): number => Math.round(value * 10) / 10;

export const escapeXml = (value: string): string =>
  value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

export type TextStyle = {
  /** Height of the letters' box in picture units. */
  size: number;
  /** Defaults to `ink`. */
  fill?: string;
  /** Defaults to 400. */
  weight?: 400 | 600 | 700;
  /** Defaults to `start`. */
  anchor?: 'start' | 'middle' | 'end';
  /** Colour of an outline that keeps a label readable over lines; none without it. */
  halo?: string;
  /** Extra room between letters; none without it. */
  tracking?: number;
};

export function text([x, y]: Pixel, lines: readonly string[], style: TextStyle): string {
  const attributes = [
    `font-size="${style.size}"`,
    `fill="${style.fill ?? colour.ink}"`,
    `text-anchor="${style.anchor ?? 'start'}"`,
    style.weight ? `font-weight="${style.weight}"` : '',
    style.tracking ? `letter-spacing="${style.tracking}"` : '',
  ];
  const rows = lines.map((line, row) => {
    const at = `x="${round(x)}" y="${round(y + row * style.size * 1.12)}"`;
    return { at, line: escapeXml(line) };
  });
  const draw = (extra: string) =>
    rows
      .map(({ at, line }) => `<text ${at} ${[...attributes, extra].filter(Boolean).join(' ')}>${line}</text>`)
      .join('');
  if (!style.halo) return draw('');
  const halo = `stroke="${style.halo}" stroke-width="9" stroke-linejoin="round" stroke-opacity=".85"`;
  return draw(halo) + draw('');
}

/** Frames the drawing for an article: 2:1, with a title for screen readers. */
export const picture = (title: string, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="${sans}">` +
  `<title>${escapeXml(title)}</title>\n${body}\n</svg>\n`;

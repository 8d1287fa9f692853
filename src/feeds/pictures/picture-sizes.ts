/** A picture in one of the sizes that it was made in. */
export interface SizedPicture {
  /** Absolute. */
  readonly url: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly type: string;
  readonly bytes: number;
}

/** What pages and mail choose from. Feeds never do: their bytes follow from the articles alone. */
export interface PictureSizes {
  /**
   * The smaller files made so far of the picture at this absolute URL, narrowest first; empty for a picture elsewhere,
   * one that is small already, and one whose turn hasn't come.
   */
  find(url: string): readonly SizedPicture[];
}

/** Pixels: a phone, a phone's or a column's double, a desktop's double. What is narrower stays as it is. */
const boxWidths: readonly number[] = [480, 960, 1600];

/** Formats that are made smaller, by media type, with the extension that their sizes get. */
const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/avif': '.avif',
};

/** Formats that get WebP beside them, for browsers alone. */
const withWebp: readonly string[] = ['image/jpeg', 'image/png'];

/** One file to make. */
export interface PlannedSize {
  /** At most this wide. */
  readonly boxWidth: number;
  readonly type: string;
  /** What follows the original's name in the file's name and URL: `map.png` has `map.png.w480.webp`. */
  readonly suffix: string;
}

/** The files to make of a picture: never larger than it is, and WebP up to its own width, so that nothing is lost. */
export function planSizes(type: string, width: number): PlannedSize[] {
  const [narrowest = 0] = boxWidths;
  if (extensions[type] === undefined || width <= narrowest) return [];
  const smaller = boxWidths.filter((boxWidth) => boxWidth < width);
  const whole = boxWidths.find((boxWidth) => boxWidth >= width);
  return [
    ...smaller.map((boxWidth) => plannedSize(boxWidth, type)),
    ...(withWebp.includes(type)
      ? [...smaller, ...(whole === undefined ? [] : [whole])].map((boxWidth) => plannedSize(boxWidth, 'image/webp'))
      : []),
  ];
}

/** Every suffix that a picture of this type may ever get: what is planned depends on its width. */
export function listSuffixes(type: string | null): string[] {
  if (type === null || extensions[type] === undefined) return [];
  const types = withWebp.includes(type) ? [type, 'image/webp'] : [type];
  return types.flatMap((one) => boxWidths.map((boxWidth) => plannedSize(boxWidth, one).suffix));
}

/** The name in its folder of a file with this suffix: `w480.webp`. */
export function fileNameOf(suffix: string): string {
  return suffix.slice(1);
}

/** The name of the original that a file of another size belongs to, or null for a name without such a suffix. */
export function originalName(name: string): string | null {
  return /^(.+\.\w+)\.w(?:480|960|1600)\.(?:jpg|png|webp|avif)$/s.exec(name)?.[1] ?? null;
}

/**
 * The files worth offering: those with fewer bytes than the original has. Of the WebP beside another format all or none,
 * as a browser that takes WebP looks at nothing else.
 */
export function chooseSizes<Size extends { readonly type: string; readonly bytes: number }>(
  sizes: readonly Size[],
  original: { readonly type: string; readonly bytes: number },
): Size[] {
  const isBeside = (size: Size): boolean => size.type !== original.type;
  const worthBeside = sizes.filter(isBeside).every((size) => size.bytes < original.bytes);
  return sizes.filter((size) => (isBeside(size) ? worthBeside : size.bytes < original.bytes));
}

function plannedSize(boxWidth: number, type: string): PlannedSize {
  return { boxWidth, type, suffix: `.w${boxWidth}${extensions[type] ?? ''}` };
}

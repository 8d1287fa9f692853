import { type Direction, directionOf } from '../i18n/index.ts';
import { absoluteUrl, homePath, localized, type Site } from '../site.ts';
import { withoutMarks } from './marks.ts';
import { type Theme, type ThemeType, typeFor } from './theme.ts';

/** What the templates of every mail may say: its language, its look and whom it is from. */
export interface FrameContext {
  /** The mail's language and its direction; `start` and `end` are `left` and `right`, exchanged for `rtl`. */
  readonly lang: string;
  readonly dir: Direction;
  readonly start: 'left' | 'right';
  readonly end: 'left' | 'right';
  /** Colours of theme.json. */
  readonly light: Theme['light'];
  readonly dark: Theme['dark'];
  /** Type of theme.json for this language: `type.lead.size`, `type.lead.line`. */
  readonly type: ThemeType;
  /** Pixels above and below a headline that make it 44 high, to be tapped. */
  readonly headline_pad: string;
  readonly site: {
    readonly title: string;
    /** The title in one or two lines of like length. */
    readonly lines: readonly string[];
    readonly url: string;
    readonly host: string;
    readonly home_url: string;
    readonly privacy_url: string | null;
    readonly publisher: { readonly name: string; readonly address: string };
  };
}

export function frameContext(site: Site, lang: string, theme: Theme): FrameContext {
  const dir = directionOf(lang);
  const type = typeFor(theme, lang);
  const title = localized(site.title, lang, site);
  return {
    lang,
    dir,
    start: dir === 'rtl' ? 'right' : 'left',
    end: dir === 'rtl' ? 'left' : 'right',
    light: theme.light,
    dark: theme.dark,
    type,
    headline_pad: `${Math.max(4, Math.ceil((44 - type.headline.lineNumber) / 2))}px`,
    site: cleanContent({
      title,
      lines: nameplateLines(title),
      url: site.url,
      host: new URL(site.url).host,
      home_url: absoluteUrl(site, homePath(site, lang)),
      privacy_url: site.privacyUrl,
      publisher: { name: site.publisher.name, address: site.publisher.address },
    }),
  };
}

/** A title in two lines of like length where it has a blank, else in one. */
export function nameplateLines(title: string): readonly string[] {
  const blanks = [...title.matchAll(/ /g)].map((match) => match.index);
  const longer = (blank: number): number => Math.max(blank, title.length - blank - 1);
  const [best] = blanks.toSorted((a, b) => longer(a) - longer(b));
  return best === undefined ? [title] : [title.slice(0, best), title.slice(best + 1)];
}

/** A value whose texts have lost every private-use code point. */
export function cleanContent<Value>(value: Value): Value {
  const cleaned = (part: unknown): unknown => {
    if (typeof part === 'string') return withoutMarks(part);
    if (Array.isArray(part)) return part.map(cleaned);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, cleaned(inner)]));
  };
  // Strings stay strings and shapes stay shapes.
  return cleaned(value) as Value;
}

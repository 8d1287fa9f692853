import type { Story } from '../../../content/index.ts';
import { adviceLetters, automaticTexts } from '../../../digest/index.ts';
import { directionOf } from '../../../i18n/index.ts';
import type { Site } from '../../../site.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { FieldErrors } from '../html/form.ts';
import type { ComposedPlace } from './composed-place.ts';

/** What stands in the form, by the field's name. */
export type TypedTexts = Readonly<Record<string, string>>;

export const kinds = ['subject', 'preheader'] as const;

export function textName(kind: (typeof kinds)[number], lang: string): string {
  return `${kind}-${lang}`;
}

/** Subject and preheader in each language; what headlines make stands in the empty fields. */
export function textsForm(
  { consolePath }: ConsoleRequest,
  { edition, pathOf, mayEdit }: ComposedPlace,
  {
    site,
    stories,
    typed,
    errors,
  }: {
    readonly site: Site;
    readonly stories: readonly Story[];
    readonly typed: TypedTexts;
    readonly errors: FieldErrors;
  },
): Html {
  const rows = site.languages.map((lang) => {
    const automatic = automaticTexts(site, lang, stories);
    return html`<fieldset class="texts"><legend>${languageName(lang)}</legend>${kinds.map((kind) =>
      textField({ kind, lang, placeholder: automatic?.[kind] ?? '', typed, errors, isReadOnly: !mayEdit }),
    )}</fieldset>\n`;
  });
  return html`<form method="post" action="${consolePath(pathOf('/texts'))}"><input type="hidden" name="revision" value="${String(edition.revision)}">
<p class="help">Empty: made from the headlines, as shown in grey. About ${adviceLetters.subject} characters of a subject and ${adviceLetters.preheader} of a preheader are shown in lists of mail. What you write stands over letters that begin with this edition’s first story; readers who chose other countries or topics get their own first headline.</p>
${rows}${mayEdit ? html`<div class="acts"><button class="button main">Save</button></div>` : nothing}</form>`;
}

function textField(field: {
  readonly kind: (typeof kinds)[number];
  readonly lang: string;
  readonly placeholder: string;
  readonly typed: TypedTexts;
  readonly errors: FieldErrors;
  readonly isReadOnly: boolean;
}): Html {
  const { kind, lang, placeholder, typed, errors } = field;
  const name = textName(kind, lang);
  const value = typed[name] ?? '';
  const error = errors[name];
  const isLong = error === undefined && value.length > adviceLetters[kind];
  const described = error !== undefined ? `${name}-error` : isLong ? `${name}-help` : null;
  return html`<div class="field${error === undefined ? nothing : ' wrong'}"><label for="${name}">${kind === 'subject' ? 'Subject' : 'Preheader'}<span class="hidden"> in ${languageName(lang)}</span></label><input id="${name}" name="${name}" lang="${lang}" dir="${directionOf(lang)}" autocomplete="off" value="${value}" placeholder="${placeholder}"${described === null ? nothing : html` aria-describedby="${described}"`}${error === undefined ? nothing : html` aria-invalid="true"`}${field.isReadOnly ? html` readonly` : nothing}>${
    error === undefined ? nothing : html`<p class="error" id="${name}-error">${error}</p>`
  }${isLong ? html`<p class="help waiting" id="${name}-help">${value.length} characters: it will be cut off in many lists of mail.</p>` : nothing}</div>`;
}

const names = new Intl.DisplayNames('en', { type: 'language' });

export function languageName(lang: string): string {
  return names.of(lang) ?? lang;
}

import { type Html, html, nothing } from '../../html/html.ts';
import { sentenceText } from './sentence-text.ts';

/** Why a form can’t be taken: a sentence by the field’s name. */
export type FieldErrors = Readonly<Record<string, string>>;

/** One field of a form. */
export interface Field {
  /** Its name in the form, and its id in the page. */
  readonly name: string;
  readonly label: string;
  /** What stands in it; default: nothing. */
  readonly value?: string;
  /** Default `text`. */
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'number' | 'date' | 'datetime-local' | 'textarea';
  /** A sentence about what belongs into it; default: none. */
  readonly help?: string | Html;
  /** What is wrong with it, by its name; default: nothing. */
  readonly errors?: FieldErrors;
  readonly required?: boolean;
  /** What a browser may fill in; default: nothing. */
  readonly autocomplete?: string;
  /** What keyboard a phone shows; default: by the type. */
  readonly inputmode?: 'numeric' | 'text';
  /** Whether typing begins here. */
  readonly autofocus?: boolean;
  /** What is offered while typing; anything else may be typed too. Default: nothing. */
  readonly options?: readonly string[];
  /** The id of a sentence that says what is wrong with it and others together; default: none. */
  readonly faultId?: string;
  /** The language of what is typed; default: any, its direction by its letters. */
  readonly lang?: string;
}

/** A labelled field; what is wrong with it stands beside it and is read out with it. */
export function field(field: Field): Html {
  const { name, label, type = 'text', value = '', help, errors = {}, faultId, lang } = field;
  const error = errors[name];
  const isWrong = error !== undefined || faultId !== undefined;
  const described = [
    help === undefined ? [] : [`${name}-help`],
    error === undefined ? [] : [`${name}-error`],
    faultId ?? [],
  ].flat();
  const attributes = html`id="${name}" name="${name}"${lang === undefined ? nothing : html` lang="${lang}"`} dir="auto"${described.length === 0 ? nothing : html` aria-describedby="${described.join(' ')}"`}${isWrong ? html` aria-invalid="true"` : nothing}${field.required ? html` required` : nothing}${field.autocomplete === undefined ? html` autocomplete="off"` : html` autocomplete="${field.autocomplete}"`}${field.inputmode === undefined ? nothing : html` inputmode="${field.inputmode}"`}${field.autofocus ? html` autofocus` : nothing}`;
  return html`<div class="field${isWrong ? ' wrong' : nothing}"><label for="${name}">${label}</label>${
    type === 'textarea'
      ? html`<textarea ${attributes}>${value}</textarea>`
      : html`<input type="${type}" ${attributes}${field.options === undefined ? nothing : html` list="${name}-options"`} value="${value}">${dataList(field)}`
  }${help === undefined ? nothing : html`<p class="help" id="${name}-help">${help}</p>`}${errorText(name, error)}</div>`;
}

function dataList({ name, options }: Field): Html | '' {
  if (options === undefined) return nothing;
  return html`<datalist id="${name}-options">${options.map((option) => html`<option value="${option}">`)}</datalist>`;
}

/** A labelled box to tick. */
export function tick({ name, label, errors = {} }: Pick<Field, 'name' | 'label' | 'errors'>): Html {
  const error = errors[name];
  return html`<div${error === undefined ? nothing : html` class="wrong"`}><label class="tick"><input type="checkbox" id="${name}" name="${name}" value="yes"${error === undefined ? nothing : html` aria-invalid="true" aria-describedby="${name}-error"`}> ${label}</label>${errorText(name, error)}</div>`;
}

/** A labelled choice of any number; what is wrong with it is read out with each box. */
export function tickList(
  list: Pick<Field, 'name' | 'label' | 'errors'> & {
    readonly options: readonly { readonly value: string; readonly label: string }[];
    readonly chosen: readonly string[];
  },
): Html {
  const { name, label, options, chosen, errors = {} } = list;
  const error = errors[name];
  const told = error === undefined ? nothing : html` aria-invalid="true" aria-describedby="${name}-error"`;
  return html`<fieldset id="${name}"><legend>${label}</legend>${options.map(
    (option) =>
      html`<p class="tick"><input type="checkbox" id="${name}-${option.value}" name="${name}" value="${option.value}"${chosen.includes(option.value) ? html` checked` : nothing}${told}><label for="${name}-${option.value}"><bdi>${option.label}</bdi></label></p>`,
  )}${errorText(name, error)}</fieldset>`;
}

/** A labelled choice of one. */
export function selectField(
  choice: Pick<Field, 'name' | 'label' | 'value' | 'help' | 'errors'> & {
    readonly options: readonly { readonly value: string; readonly label: string }[];
  },
): Html {
  const { name, label, value, help, errors = {}, options } = choice;
  const error = errors[name];
  const described = [help === undefined ? [] : [`${name}-help`], error === undefined ? [] : [`${name}-error`]].flat();
  return html`<div class="field${error === undefined ? nothing : ' wrong'}"><label for="${name}">${label}</label><select id="${name}" name="${name}"${described.length === 0 ? nothing : html` aria-describedby="${described.join(' ')}"`}${error === undefined ? nothing : html` aria-invalid="true"`}>${options.map(
    (option) =>
      html`<option value="${option.value}" dir="auto"${option.value === value ? html` selected` : nothing}>${option.label}</option>`,
  )}</select>${help === undefined ? nothing : html`<p class="help" id="${name}-help">${help}</p>`}${errorText(name, error)}</div>`;
}

function errorText(name: string, error: string | undefined): Html | '' {
  return error === undefined ? nothing : html`<p class="error" id="${name}-error">${sentenceText(error)}</p>`;
}

/** What stands over a refused form, so that nobody has to look for it; nothing where all is well. */
export function errorSummary(errors: FieldErrors): Html | '' {
  const entries = Object.entries(errors);
  if (entries.length === 0) return nothing;
  return html`<div class="note bad" role="alert"><p>Nothing was done.</p><ul>${entries.map(([name, sentence]) => html`<li><a href="#${name}">${sentenceText(sentence)}</a></li>`)}</ul></div>`;
}

import { type Html, html, nothing } from './html.ts';

/** What was typed into a field, and the sentence that says why it can't be taken; null: it can. */
export interface TypedAddress {
  readonly text: string;
  readonly fault: string | null;
}

const untouched: TypedAddress = { text: '', fault: null };

/** One address, with whatever help the device has for that. What is wrong with it stands beside it, and is read out with it. */
export function emailField(label: string, { text, fault }: TypedAddress = untouched): Html {
  const told = fault === null ? nothing : html` aria-invalid="true" aria-describedby="email-fault"`;
  return html`<div class="wide"><label class="field"><span>${label}</span><input type="email" name="email" value="${text}" required maxlength="254" autocomplete="email" dir="ltr"${told}></label>
${fault === null ? nothing : html`<p class="warning" id="email-fault" role="alert">${fault}</p>`}</div>`;
}

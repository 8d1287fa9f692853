import { isPartOf, unique, withoutAll } from './chosen-keys.ts';
import { parseEmailAddress } from './email-address.ts';
import type { ReaderChoices } from './reader-fields.ts';
import type { SignUpWishes } from './sign-up.ts';
import { rhythms } from './subscription.ts';

/** The fields of the sign-up form; a JSON body has the same names, with lists where a field may come more than once. */
export const signUpFields = {
  email: 'email',
  language: 'language',
  newsletter: 'newsletter',
  country: 'country',
  topic: 'topic',
  rhythm: 'rhythm',
  /** For programs that fill in whatever they find: people don't see it. */
  trap: 'website',
  /** When the page was asked for, signed. */
  stamp: 'stamp',
} as const;

/** What is wrong with a form; a sentence in each language says it. */
export type SignUpFault =
  /** None at all, or of another kind. */
  | 'incomplete'
  /** It names something that there isn't, or isn't any more. */
  | 'unknown'
  | 'address'
  | 'no_newsletter';

export type ParsedSignUp =
  | { readonly ok: true; readonly email: string; readonly wishes: SignUpWishes }
  | { readonly ok: false; readonly fault: SignUpFault };

const fields = signUpFields;

/**
 * Reads what somebody asks for, strictly: one thing that isn't understood, and nothing of it counts. Without a language it
 * is that of the page, without a newsletter the only one there is.
 */
export function parseSignUp(form: URLSearchParams, choices: ReaderChoices, lang: string): ParsedSignUp {
  const email = form.get(fields.email);
  if (email === null) return refused('incomplete');
  const parsed = parseEmailAddress(email.trim());
  if (!parsed.ok) return refused('address');
  const languages = unique(form.getAll(fields.language).filter((language) => language !== ''));
  const [only, ...others] = choices.newsletters;
  const named = unique(form.getAll(fields.newsletter));
  const newsletters = named.length === 0 && only !== undefined && others.length === 0 ? [only] : named;
  const countries = unique(form.getAll(fields.country));
  const topics = unique(form.getAll(fields.topic));
  const rhythm = rhythms.find((known) => known === (form.get(fields.rhythm) || 'each'));
  const isKnown =
    isPartOf(languages, choices.languages) &&
    isPartOf(countries, choices.countries) &&
    isPartOf(topics, choices.topics) &&
    isPartOf(newsletters, choices.newsletters);
  if (!isKnown || rhythm === undefined) return refused('unknown');
  if (newsletters.length === 0) return refused('no_newsletter');
  const wishes: SignUpWishes = {
    languages: languages.length === 0 ? [lang] : languages,
    newsletters,
    countries: withoutAll(countries, choices.countries),
    topics: withoutAll(topics, choices.topics),
    rhythm,
  };
  return { ok: true, email: parsed.address.text, wishes };
}

/** A JSON body as the form that says the same; null where it is something else. */
export function formOfJson(body: unknown): URLSearchParams | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(body)) {
    for (const value of [values].flat()) {
      if (typeof value !== 'string') return null;
      form.append(name, value);
    }
  }
  return form;
}

function refused(fault: SignUpFault): ParsedSignUp {
  return { ok: false, fault };
}

import { domainToASCII } from 'node:url';

/** One address in ASCII: nothing in it can end a header line, open a comment or name a second recipient. */
export interface EmailAddress {
  /** As given (a quoted form that needs no quotes without them), at most 64 octets. */
  readonly local: string;
  /** Lower-case A-labels, at most 253 octets. */
  readonly domain: string;
  /** `local@domain` */
  readonly text: string;
}

export type ParsedAddress =
  | { readonly ok: true; readonly address: EmailAddress }
  /** `reason` is a sentence for whoever typed it. */
  | { readonly ok: false; readonly reason: string };

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]";
const dotAtom = new RegExp(`^${atom}+(?:\\.${atom}+)*$`);
// Of what RFC 5321 §4.1.2 lets stand in quotes, only dots in odd places are in use; the rest (spaces, commas, @,
// backslashes) is what parsers of header lines fall over.
const quoted = new RegExp(`^"(?:${atom}|\\.)+"$`);
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// What a domain may be written with before it is converted: domainToASCII decodes percent signs and reads numbers as IPv4.
const domainText = /^[A-Za-z0-9.\u00a1-\u{10ffff}-]+$/u;
/** Default-ignorable and direction marks: invisible, so two addresses would look alike. */
const invisible = /[\p{Cc}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}/u;

const longestLocal = 64;
const longestDomain = 253;
// RFC 5321 §4.5.3.1.3: a path of 256 octets with its angle brackets.
const longestAddress = 254;

/**
 * Reads exactly one address: RFC 5321 §4.1.2 dot-atom or quoted local part, a domain name in Latin or any other script.
 * Display names, comments, address literals and lists are refused. Never throws.
 */
export function parseEmailAddress(text: string): ParsedAddress {
  if (text === '') return refused('The address is missing.');
  if (text.length > 1000) return refused('The address is too long.');
  if (invisible.test(text)) return refused('The address holds a control character or one that can’t be seen.');
  if (/\s/u.test(text)) return refused('The address holds a space.');
  if (/[,;]/.test(text)) return refused('That is more than one address, or holds a comma; give one.');
  if (/[<>()[\]\\:]/.test(text)) {
    return refused('Give the address alone, like ann@example.com, without a name, brackets or comments.');
  }
  const at = text.lastIndexOf('@');
  if (at < 0) return refused('The address lacks an @.');
  if (at !== text.indexOf('@')) return refused('The address holds more than one @.');
  const local = parseLocal(text.slice(0, at));
  if (!local.ok) return local;
  const domain = parseDomain(text.slice(at + 1));
  if (!domain.ok) return domain;
  const whole = `${local.part}@${domain.part}`;
  if (whole.length > longestAddress) return refused(`The address is longer than ${longestAddress} characters.`);
  return { ok: true, address: { local: local.part, domain: domain.part, text: whole } };
}

/** What an address is compared by: lower case throughout, and no provider's tricks with dots or plus signs. */
export function normaliseAddress(text: string): string {
  const given = text.trim();
  const plain = given.toLowerCase();
  // As given first: IDNA makes other small letters of some capitals than JavaScript.
  const [parsed] = [given, plain].map(parseEmailAddress).filter(({ ok }) => ok);
  return parsed?.ok ? parsed.address.text.toLowerCase() : plain;
}

/** The part of an address behind its @, in lower case. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** Domains that RFC 2606 and RFC 6761 keep for examples and tests; nobody can receive mail there. */
export function isReservedDomain(domain: string): boolean {
  return /(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/i.test(domain);
}

type ParsedPart = { readonly ok: true; readonly part: string } | { readonly ok: false; readonly reason: string };

function parseLocal(text: string): ParsedPart {
  if (text === '') return refused('The address has nothing before its @.');
  if (/[^\u0000-\u007f]/.test(text)) {
    return refused(
      'The part before the @ holds letters that many mail servers refuse; use Latin letters, digits and dots.',
    );
  }
  const isQuoted = quoted.test(text);
  if (!isQuoted && !dotAtom.test(text)) {
    return refused('The part before the @ has a dot or another character where none may stand.');
  }
  // RFC 5321 §4.1.2: quotes that aren't needed don't make another address.
  const bare = text.slice(1, -1);
  const part = isQuoted && dotAtom.test(bare) ? bare : text;
  if (part.length > longestLocal) return refused(`The part before the @ is longer than ${longestLocal} characters.`);
  return { ok: true, part };
}

function parseDomain(text: string): ParsedPart {
  if (text === '') return refused('The address has nothing after its @.');
  if (!domainText.test(text)) return refused('The part after the @ isn’t a domain name.');
  // Node passes ASCII through unchecked, as it should: whether an A-label means anything is for DNS to say.
  const domain = domainToASCII(text).toLowerCase();
  if (domain === '') return refused('The part after the @ isn’t a domain name.');
  if (domain.length > longestDomain) return refused(`The domain is longer than ${longestDomain} characters.`);
  const labels = domain.split('.');
  if (labels.length < 2) return refused('The domain needs a dot, like example.com.');
  if (!labels.every((part) => label.test(part))) return refused('The part after the @ isn’t a domain name.');
  if (/^\d+$/.test(labels.at(-1) ?? '')) return refused('The part after the @ is a number, not a domain name.');
  return { ok: true, part: domain };
}

function refused(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

import type { DeliveryState } from '../../src/delivery/index.ts';

/** A point in the dialogue; `data` is the answer to DATA, `body` the content being read, `dot` the answer to it. */
export type Step = 'greeting' | 'ehlo' | 'starttls' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot';

/** What the server does at a step instead of answering as usual. */
export type Act =
  /** Says this, CRLF added; `end` closes the connection afterwards. */
  | { readonly kind: 'answer'; readonly text: string; readonly end?: boolean }
  /** Ends the connection without an answer: FIN, or RST. */
  | { readonly kind: 'fin' | 'rst' }
  /** Reads nothing and says nothing more. */
  | { readonly kind: 'hang' }
  /** Says nothing here, and goes on as if it had. */
  | { readonly kind: 'omit' }
  /** The usual answer, after so many milliseconds. */
  | { readonly kind: 'late'; readonly ms: number }
  /** The usual answer, a byte at a time. */
  | { readonly kind: 'spell'; readonly everyMs: number }
  /** The usual answer as other bytes. */
  | { readonly kind: 'reshape'; readonly bytes: (usual: string) => string }
  /** Refuses the recipient, and says 354 to DATA all the same; takes what follows for nobody. */
  | { readonly kind: 'refuse but go on' }
  /** Answers MAIL, RCPT and DATA that came together in this order. */
  | { readonly kind: 'disorder'; readonly order: readonly ('mail' | 'rcpt' | 'data')[] }
  /** Says more in clear behind its 220 to STARTTLS. */
  | { readonly kind: 'inject'; readonly text: string }
  /** At the dot: up to so long, at random; stored before or after, whether or not somebody still listens. */
  | { readonly kind: 'think'; readonly maxMs: number }
  /** About a reader: now and then one of `acts`, else it thinks. */
  | { readonly kind: 'moods'; readonly share: number; readonly acts: readonly Act[]; readonly maxMs: number };

/** When a mode acts: the first time only, for a quarter of the readers, on every third connection, always. */
export type Strikes = 'once' | 'readers' | 'connections' | 'always';

export type Certificate = 'cert' | 'expired' | 'other-name';

export interface FaultMode {
  readonly name: string;
  readonly step: Step | 'every';
  readonly act: Act;
  readonly strikes: Strikes;
  /** What may have become of those that it strikes, when the first send is over. */
  readonly struck: readonly DeliveryState[];
  /** Whether a message at whose dot it acts is stored before; default false. */
  readonly stores?: boolean;
  /** Offers STARTTLS with this certificate; default: none. */
  readonly certificate?: Certificate;
  /** The client insists on TLS and trusts this certificate; default: it doesn't. */
  readonly trusts?: Certificate;
  /** Bytes of text in a story, where a message must be longer than what sockets hold; default 200. */
  readonly size?: number;
  /** Its words may be taken for answers about the next message: others may be put off, too. */
  readonly strays?: boolean;
  /** Text that each struck reader's row must hold as the relay's answer. */
  readonly reply?: string;
}

/** Whether a mode acts for a recipient: the readers `reader1@`, `reader5@` … of `strikes: 'readers'`. */
export function isVictim(address: string): boolean {
  return Number(/^reader(\d+)@/.exec(address)?.[1] ?? 0) % 4 === 1;
}

/** The steps at which a reader can be told apart. */
const ofReader: readonly Step[] = ['rcpt', 'data', 'body', 'dot'];

/** Each code with the state that it leaves a reader in, at a step that is about the reader. */
const codes: readonly { readonly text: string; readonly leaves: readonly DeliveryState[] }[] = [
  { text: '421 4.3.2 going down', leaves: ['deferred'] },
  { text: '450 4.2.0 greylisted', leaves: ['deferred'] },
  { text: '451 4.3.0 later', leaves: ['deferred'] },
  { text: '452 4.2.2 no room', leaves: ['deferred'] },
  { text: '550 5.1.1 nobody here', leaves: ['failed'] },
  { text: '552 5.3.4 too long', leaves: ['failed'] },
  { text: '554 5.0.0 no', leaves: ['failed', 'deferred'] },
  // Our reputation is never the reader's fault.
  { text: '554 5.7.1 your network is listed', leaves: ['failed', 'deferred', 'queued'] },
];

const everywhere: readonly Step[] = ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'body', 'dot'];

function refusals(): FaultMode[] {
  const steps: readonly Step[] = ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'dot'];
  return steps.flatMap((step) =>
    codes.map(({ text, leaves }): FaultMode => {
      const act: Act = { kind: 'answer', text, end: text.startsWith('421') };
      const name = `${text.split(' ').slice(0, 2).join(' ')} at ${step}`;
      if (ofReader.includes(step)) return { name, step, act, strikes: 'readers', struck: leaves, reply: text };
      // A greeting or a MAIL says nothing about a reader, but what is put off isn't lost.
      const isTooLong = step === 'mail' && text.startsWith('552');
      return {
        name,
        step,
        act,
        strikes: 'once',
        struck: ['sent', 'queued', 'deferred', ...(isTooLong ? ['failed' as const] : [])],
      };
    }),
  );
}

function endings(): FaultMode[] {
  return everywhere.flatMap((step) =>
    (['fin', 'rst', 'hang'] as const).map((kind): FaultMode => {
      const act: Act = { kind };
      const name = `${kind === 'hang' ? 'silence' : kind.toUpperCase()} at ${step}`;
      if (step === 'dot') return { name, step, act, strikes: 'readers', struck: ['in_doubt'] };
      if (step === 'body')
        return { name, step, act, strikes: 'readers', struck: ['deferred', 'queued', 'in_doubt'], size: 3_000_000 };
      if (ofReader.includes(step)) return { name, step, act, strikes: 'readers', struck: ['deferred', 'queued'] };
      return { name, step, act, strikes: 'once', struck: ['sent', 'queued', 'deferred'] };
    }),
  );
}

const stored: readonly FaultMode[] = (['fin', 'rst', 'hang'] as const).map((kind) => ({
  name: `stored, then ${kind === 'hang' ? 'silence' : kind.toUpperCase()}`,
  step: 'dot',
  act: { kind },
  strikes: 'readers',
  stores: true,
  struck: ['in_doubt'],
}));

/** As by a filter in between that loses an answer: those that follow stand one place too early. */
const leftOut: readonly FaultMode[] = [
  ...[true, false].map(
    (stores): FaultMode => ({
      name: `${stores ? 'stored' : 'not stored'}, and the final dot’s answer left out`,
      step: 'dot',
      act: { kind: 'omit' },
      strikes: 'readers',
      stores,
      struck: ['in_doubt'],
    }),
  ),
  ...(['mail', 'rcpt', 'data'] as const).map(
    (step): FaultMode => ({
      name: `an answer left out at ${step}`,
      step,
      act: { kind: 'omit' },
      strikes: 'once',
      struck: ['sent', 'queued', 'deferred'],
    }),
  ),
];

/**
 * Where the next envelope goes along with a final dot: whether what happens at this step of a mode leaves it open whose
 * answer the first one was, so that the message before may be in doubt too.
 */
export function cloudsTheOneBefore({ step, act }: FaultMode): boolean {
  if (!['mail', 'rcpt', 'dot'].includes(step)) return false;
  return ['fin', 'rst', 'hang', 'omit', 'reshape'].includes(act.kind) || cutsShort(act);
}

/** Whether less is answered than was asked, or what is no answer to it. */
function cutsShort(act: Act): boolean {
  return act.kind === 'answer' && (act.end === true || act.text.startsWith('354'));
}

/** Continuation lines before the usual answer (RFC 5321 §4.2.1). */
function multiLine(usual: string): string {
  return usual.startsWith('250-') ? usual : `${usual.slice(0, 3)}-first\r\n${usual.slice(0, 3)}-second\r\n${usual}`;
}

/** Half a megabyte of them. */
function huge(usual: string): string {
  if (usual.startsWith('250-')) return usual;
  return `${`${usual.slice(0, 3)}-${'x'.repeat(500)}\r\n`.repeat(1040)}${usual}`;
}

const shapes: readonly { readonly name: string; readonly bytes: (usual: string) => string }[] = [
  { name: 'a multi-line answer', bytes: multiLine },
  { name: '512 KB of an answer', bytes: huge },
  { name: 'one line of 512 KB', bytes: (usual) => usual.replace(/\r\n$/, ` ${'x'.repeat(524_288)}\r\n`) },
  { name: 'bare line feeds', bytes: (usual) => usual.replaceAll('\r\n', '\n') },
  { name: 'garbage', bytes: () => '\u0000\u00ff\u0080 2x50 gar\r\u0007bage\r\n' },
  { name: 'garbage before the answer', bytes: (usual) => `\u00ff\u0000\u00fe\r\n${usual}` },
  { name: 'an empty line', bytes: (usual) => `\r\n${usual}` },
  { name: 'the answer twice', bytes: (usual) => `${usual}${usual}` },
  { name: 'a code of two kinds', bytes: (usual) => `451-4.3.0 not\r\n${usual}` },
  { name: 'half an answer and FIN', bytes: (usual) => usual.slice(0, 2) },
];

/** What leaves an answer over for the next question. */
const isStray = (name: string): boolean => name === 'the answer twice' || name.startsWith('garbage before');

function reshaped(): FaultMode[] {
  const anything: readonly DeliveryState[] = ['sent', 'queued', 'deferred', 'failed'];
  return shapes.flatMap(({ name, bytes }): FaultMode[] => [
    {
      name: `${name} to RCPT`,
      step: 'rcpt',
      act: { kind: 'reshape', bytes },
      strikes: 'readers',
      struck: anything,
      strays: isStray(name),
    },
    {
      name: `stored, then ${name}`,
      step: 'dot',
      act: { kind: 'reshape', bytes },
      strikes: 'readers',
      stores: true,
      struck: ['sent', 'in_doubt'],
      strays: isStray(name),
    },
  ]);
}

const slow: readonly FaultMode[] = [
  {
    name: 'every answer a byte at a time',
    step: 'every',
    act: { kind: 'spell', everyMs: 2 },
    strikes: 'always',
    struck: ['sent'],
  },
  {
    name: 'the final answer a byte a while',
    step: 'dot',
    act: { kind: 'spell', everyMs: 60 },
    strikes: 'readers',
    stores: true,
    struck: ['sent', 'in_doubt'],
  },
  {
    name: 'every answer in continuation lines',
    step: 'every',
    act: { kind: 'reshape', bytes: multiLine },
    strikes: 'always',
    struck: ['sent'],
  },
  {
    name: 'a late 250',
    step: 'dot',
    act: { kind: 'late', ms: 500 },
    strikes: 'readers',
    stores: true,
    struck: ['sent'],
  },
  { name: 'a late 354', step: 'data', act: { kind: 'late', ms: 500 }, strikes: 'readers', struck: ['sent'] },
  {
    name: 'a 250 that is too late',
    step: 'dot',
    act: { kind: 'late', ms: 7000 },
    strikes: 'readers',
    stores: true,
    struck: ['in_doubt'],
  },
];

const pipelines: readonly FaultMode[] = [
  {
    name: 'RCPT refused, DATA answered 354',
    step: 'rcpt',
    act: { kind: 'refuse but go on' },
    strikes: 'readers',
    struck: ['failed'],
    reply: '550 5.1.1',
  },
  {
    name: 'answers out of order, 354 first',
    step: 'mail',
    act: { kind: 'disorder', order: ['data', 'mail', 'rcpt'] },
    strikes: 'connections',
    struck: ['sent', 'queued', 'deferred'],
  },
  {
    name: 'answers out of order, 354 before RCPT’s',
    step: 'mail',
    act: { kind: 'disorder', order: ['mail', 'data', 'rcpt'] },
    strikes: 'connections',
    struck: ['sent', 'queued', 'deferred'],
  },
  {
    name: '354 to MAIL',
    step: 'mail',
    act: { kind: 'answer', text: '354 go on' },
    strikes: 'once',
    struck: ['sent', 'queued', 'deferred'],
  },
  {
    name: '250 to DATA',
    step: 'data',
    act: { kind: 'answer', text: '250 2.0.0 ok' },
    strikes: 'readers',
    struck: ['queued', 'deferred'],
  },
  {
    name: 'an answer in the middle of the content',
    step: 'body',
    act: { kind: 'answer', text: '451 4.3.0 enough' },
    strikes: 'readers',
    struck: ['deferred', 'queued'],
    size: 3_000_000,
  },
  {
    name: '354 to the final dot',
    step: 'dot',
    act: { kind: 'answer', text: '354 go on' },
    strikes: 'readers',
    struck: ['deferred', 'queued', 'in_doubt'],
  },
];

const always: readonly FaultMode[] = [
  {
    name: 'always 554 at the greeting',
    step: 'greeting',
    act: { kind: 'answer', text: '554 5.3.2 no service', end: true },
    strikes: 'always',
    struck: ['queued', 'deferred'],
  },
  {
    name: 'always RST at the greeting',
    step: 'greeting',
    act: { kind: 'rst' },
    strikes: 'always',
    struck: ['queued', 'deferred'],
  },
  {
    name: 'always 421 at EHLO',
    step: 'ehlo',
    act: { kind: 'answer', text: '421 4.3.2 going down', end: true },
    strikes: 'always',
    struck: ['queued', 'deferred'],
  },
  {
    name: 'always 530 at MAIL',
    step: 'mail',
    act: { kind: 'answer', text: '530 5.7.0 sign in first' },
    strikes: 'always',
    struck: ['queued', 'deferred'],
  },
  {
    name: 'always 450 at RCPT',
    step: 'rcpt',
    act: { kind: 'answer', text: '450 4.2.0 greylisted' },
    strikes: 'always',
    struck: ['queued', 'deferred'],
  },
  {
    name: 'always FIN at the final dot',
    step: 'dot',
    act: { kind: 'fin' },
    strikes: 'always',
    struck: ['queued', 'deferred', 'in_doubt'],
  },
  {
    name: 'always stored, then RST',
    step: 'dot',
    act: { kind: 'rst' },
    strikes: 'always',
    stores: true,
    struck: ['queued', 'deferred', 'in_doubt'],
  },
];

const lines: readonly FaultMode[] = (['greeting', 'mail', 'rcpt', 'data'] as const).map((step) => ({
  name: `every third connection killed at ${step}`,
  step,
  act: { kind: 'rst' },
  strikes: 'connections',
  struck: ['sent', 'queued', 'deferred'],
}));

const lostLines: readonly FaultMode[] = [true, false].map((stores) => ({
  name: `every third connection killed at the final dot, ${stores ? 'stored' : 'not stored'}`,
  step: 'dot',
  act: { kind: 'rst' },
  strikes: 'connections',
  stores,
  struck: ['sent', 'queued', 'deferred', 'in_doubt'],
}));

const tls: readonly FaultMode[] = [
  {
    name: 'STARTTLS not offered',
    step: 'starttls',
    act: { kind: 'hang' },
    strikes: 'always',
    struck: ['queued', 'deferred'],
    trusts: 'cert',
  },
  {
    name: 'STARTTLS refused',
    step: 'starttls',
    act: { kind: 'answer', text: '454 4.7.0 no TLS now' },
    strikes: 'always',
    struck: ['queued', 'deferred'],
    certificate: 'cert',
    trusts: 'cert',
  },
  {
    name: 'STARTTLS and FIN',
    step: 'starttls',
    act: { kind: 'fin' },
    strikes: 'always',
    struck: ['queued', 'deferred'],
    certificate: 'cert',
    trusts: 'cert',
  },
  {
    name: 'STARTTLS and silence',
    step: 'starttls',
    act: { kind: 'hang' },
    strikes: 'once',
    struck: ['sent', 'queued', 'deferred'],
    certificate: 'cert',
    trusts: 'cert',
  },
  {
    name: 'STARTTLS with an expired certificate',
    step: 'starttls',
    act: { kind: 'late', ms: 0 },
    strikes: 'always',
    struck: ['queued', 'deferred'],
    certificate: 'expired',
    trusts: 'expired',
  },
  {
    name: 'STARTTLS with another’s name',
    step: 'starttls',
    act: { kind: 'late', ms: 0 },
    strikes: 'always',
    struck: ['queued', 'deferred'],
    certificate: 'other-name',
    trusts: 'other-name',
  },
  {
    name: 'STARTTLS with nobody’s certificate',
    step: 'starttls',
    act: { kind: 'late', ms: 0 },
    strikes: 'always',
    struck: ['queued', 'deferred'],
    certificate: 'other-name',
    trusts: 'cert',
  },
  // Dropped or done without: what was said in clear must not be taken for the answer to the EHLO under TLS.
  {
    name: 'STARTTLS with injected answers',
    step: 'starttls',
    act: { kind: 'inject', text: '250-evil\r\n250 AUTH LOGIN\r\n' },
    strikes: 'always',
    struck: ['sent', 'queued', 'deferred'],
    certificate: 'cert',
    trusts: 'cert',
  },
];

/** Every way to misbehave that a send is tried against. */
export const faultModes: readonly FaultMode[] = [
  ...refusals(),
  ...endings(),
  ...stored,
  ...leftOut,
  ...reshaped(),
  ...slow,
  ...pipelines,
  ...always,
  ...lines,
  ...lostLines,
  ...tls,
];

/** No fault: what a relay does when it is well again. */
export const healthy: FaultMode = {
  name: 'healthy',
  step: 'every',
  act: { kind: 'late', ms: 0 },
  strikes: 'once',
  struck: ['sent'],
};

/** The mode's relay when its certificate is in order, where it should have one. */
export function healed(mode: FaultMode): FaultMode {
  return mode.trusts === undefined ? healthy : { ...healthy, certificate: 'cert', trusts: 'cert' };
}

/** A relay that takes its time about each message, so that a kill finds many in every state. */
export const thinking: FaultMode = {
  name: 'thinking',
  step: 'dot',
  act: { kind: 'think', maxMs: 150 },
  strikes: 'always',
  struck: ['sent', 'in_doubt'],
};

/** What a relay says on a bad day, all of it at random. */
export const moody: FaultMode = {
  name: 'moody',
  step: 'every',
  act: {
    kind: 'moods',
    share: 0.03,
    maxMs: 40,
    acts: [
      ...codes.slice(0, -1).map(({ text }): Act => ({ kind: 'answer', text, end: text.startsWith('421') })),
      { kind: 'fin' },
      { kind: 'rst' },
    ],
  },
  strikes: 'always',
  struck: [],
};

/** What it does at a step on such a day. */
export function moodAt(step: Step, act: Extract<Act, { kind: 'moods' }>, random: () => number): Act | null {
  if (!ofReader.includes(step) || step === 'body') return null;
  if (random() < act.share) return act.acts[Math.floor(random() * act.acts.length)] ?? null;
  return step === 'dot' ? { kind: 'think', maxMs: act.maxMs } : null;
}

export function findMode(name: string): FaultMode {
  const found = [...faultModes, healthy, thinking, moody].find((mode) => mode.name === name);
  if (!found) throw new Error(`There is no mode “${name}”.`);
  return found;
}

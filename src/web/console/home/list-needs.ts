import type { ContentProblem } from '../../../content/index.ts';
import { type Examination, type KnownOperator, lostSecrets, mendLostSecrets } from '../../../operators/index.ts';
import type { PressProblem } from '../../../rooms/index.ts';
import type { Site } from '../../../site.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { plainTitle } from '../html/plain-title.ts';
import type { ConsoleHome, Unapproved } from './console-home.ts';
import { type Need, needOf } from './need.ts';

/** So many articles are named. */
const mostNamed = 3;

/** All that waits for a person: what keeps mail from readers first. */
export async function listNeeds({ site, session, may }: ConsoleRequest, home: ConsoleHome): Promise<Need[]> {
  const [events, examination] = [await home.listEvents(), await home.doctor.findLast()];
  const needs = [
    ...events.map(needOf),
    ...(await home.listUnapproved()).map((unapproved) => approvalNeed(site, unapproved)),
    ...problemNeeds(home.problems()),
    ...pressNeeds(home.pressProblems()),
    ...findingNeeds(examination),
    ...quarantineNeeds(await home.countQuarantined()),
    ...(may('operators:manage') ? operatorNeeds(await home.listOperators()) : []),
    ...(session.hasTotp ? [] : [secondFactor]),
  ];
  return needs.toSorted((a, b) => Number(a.level === 'wait') - Number(b.level === 'wait'));
}

/** Somebody may mistype a password twice. */
const worthALook = 3;

function operatorNeeds(operators: readonly KnownOperator[]): Need[] {
  const lost = operators.filter(({ totp }) => totp?.secret === null).map(({ operator }) => operator.email);
  const place = { path: '/operators', name: 'See the operators', right: 'operators:manage' } as const;
  const lostNeed: Need = { level: 'bad', sentence: lostSecrets(lost), advice: mendLostSecrets, place };
  return [...(lost.length === 0 ? [] : [lostNeed]), ...refusedNeeds(operators)];
}

function refusedNeeds(operators: readonly KnownOperator[]): Need[] {
  return operators.flatMap(({ operator: { id, email }, refused }) =>
    refused === null || refused.tries < worthALook
      ? []
      : [
          {
            level: 'wait',
            sentence: `${refused.tries} tries to sign in as ${email} were refused since they did, the last at ${refused.lastAt}.`,
            advice: 'Ask whether it was them; the log says from where it came.',
            place: { path: `/operators/${id}`, name: 'Look at it', right: 'operators:manage' },
          },
        ],
  );
}

const secondFactor: Need = {
  level: 'wait',
  sentence: 'Your sign-in asks for a password alone.',
  advice: 'An authenticator app keeps others out, even those who come to know the password.',
  place: { path: '/account/authenticator', name: 'Set one up', right: 'account:own' },
};

function approvalNeed(site: Site, { newsletter, edition, isVoid }: Unapproved): Need {
  const title = plainTitle(site, newsletter.title);
  return {
    level: 'wait',
    sentence: `“${title}” waits for approval; its time is ${edition.dueAt}.`,
    advice: isVoid ? 'It was approved, and has changed since.' : 'Without it, it is held at its time.',
    place: {
      path: `/editions/${encodeURIComponent(edition.id)}/preflight`,
      name: 'Look at it',
      right: 'editions:view',
    },
  };
}

function quarantineNeeds(count: number): Need[] {
  if (count === 0) return [];
  return [
    {
      level: 'wait',
      sentence: `${count === 1 ? 'One message' : `${count} messages`} that came back can’t be understood, so that nothing follows from ${count === 1 ? 'it' : 'them'}.`,
      advice: 'silkpost bounce --list names each with the reason, bounce --show ID prints one.',
      place: null,
    },
  ];
}

function problemNeeds(problems: readonly ContentProblem[]): Need[] {
  if (problems.length === 0) return [];
  const files = Map.groupBy(problems, ({ file }) => file);
  const leftOut = new Set(problems.filter(({ blocking }) => blocking).map(({ file }) => file)).size;
  const named = [...files].slice(0, mostNamed).map(([file, [first]]) => {
    const place = first?.line === null ? file : `${file}, line ${first?.line}`;
    return `${place}: ${first?.message}`;
  });
  const count = files.size === 1 ? 'One article has' : `${files.size} articles have`;
  const out =
    leftOut === 0
      ? ''
      : leftOut === 1
        ? ' One is left out until that is mended.'
        : ` ${leftOut} are left out until that is mended.`;
  return [
    {
      level: leftOut > 0 ? 'bad' : 'wait',
      sentence: `${count} problems.${out}`,
      advice: `${named.join(' ')}${files.size > mostNamed ? ` And ${files.size - mostNamed} more.` : ''}`,
      place: { path: '/articles?problems=1', name: 'See the articles', right: 'articles:view' },
    },
  ];
}

const pressPages = {
  feed: {
    title: 'feeds',
    place: { path: '/feeds', name: 'See the feeds', right: 'articles:view' },
  },
  picture: {
    title: 'pictures',
    place: { path: '/articles', name: 'See the articles', right: 'articles:view' },
  },
} as const;

function pressNeeds(problems: readonly PressProblem[]): Need[] {
  return (['feed', 'picture'] as const).flatMap((kind) => {
    const some = problems.filter((problem) => problem.kind === kind);
    if (some.length === 0) return [];
    const named = some.slice(0, mostNamed).map(({ message }) => (/[.!?]$/.test(message) ? message : `${message}.`));
    const { title, place } = pressPages[kind];
    return [
      {
        level: kind === 'feed' ? 'bad' : 'wait',
        sentence: `Something is wrong with ${title} as they were last made.`,
        advice: `${named.join(' ')}${some.length > mostNamed ? ` And ${some.length - mostNamed} more.` : ''}`,
        place,
      },
    ];
  });
}

function findingNeeds(examination: Examination | null): Need[] {
  return (examination?.findings ?? [])
    .filter(({ level }) => level === 'fault' || level === 'warning')
    .map(({ level, message, fix }) => ({
      level: level === 'fault' ? 'bad' : 'wait',
      sentence: message,
      advice: fix,
      place: null,
    }));
}

import { appendFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { addressOf, fillDatabase, type Kind, kinds } from './answers/addresses.ts';
import type { BenchOptions } from './bench-options.ts';
import { generateArticles, randomNumbers } from './generate-articles.ts';
import { ratio, renderTable, type Target } from './markdown-report.ts';
import { median, quantile } from './measure.ts';
import { startService } from './running-service.ts';

/** Where a stranger types in an address. */
const forms = ['/subscribe', '/preferences'] as const;
/** Of each form and kind; eight times this is just below what a service takes from all clients together in an hour. */
const perRound = 120;
/** A form that comes back sooner isn’t a person’s. */
const leastFormAgeMs = 2100;

interface Answer {
  readonly ms: number;
  readonly status: number;
  readonly body: string;
}

/** How long the forms take to answer for addresses that are known and that aren't; each round is a service of its own. */
export async function benchAnswers({ folder, bin, rounds, print }: BenchOptions): Promise<readonly Target[]> {
  const publication = join(folder, 'answers');
  await generateArticles({ dir: publication, count: 40, seed: 6 });
  // Each request comes from a client of its own, as a proxy on this machine says.
  await appendFile(join(publication, 'silkpost.yaml'), 'web: { trustedProxies: [127.0.0.1] }\n');
  await fillDatabase(publication, rounds * forms.length * perRound);
  const times = new Map<string, number[]>();
  const answers = new Map<string, Set<string>>();
  const random = randomNumbers(11);
  let asked = 0;
  for (let round = 0; round < rounds; round++) {
    const service = await startService(bin, ['start', '--dir', publication]);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const { body: page } = await ask(agent, `${service.url}/subscribe`, null, '192.0.2.1');
      const stamp = /name="stamp" value="([^"]+)"/.exec(page)?.[1] ?? '';
      await wait(leastFormAgeMs);
      for (const [form, kind, number] of shuffle(questions(round), random)) {
        asked += 1;
        const fields = new URLSearchParams({ email: addressOf(kind, number), stamp });
        const client = `198.${18 + (asked >> 16)}.${(asked >> 8) & 255}.${asked & 255}`;
        const { ms, status, body } = await ask(agent, service.url + form, fields, client);
        if (status !== 200) throw new Error(`${form} answered ${status} for ${addressOf(kind, number)}.`);
        listOf(times, `${form} ${kind}`, () => []).push(ms);
        listOf(answers, form, () => new Set()).add(body);
      }
    } finally {
      agent.destroy();
      await service.stop();
    }
  }

  print(`
## The time of an answer

${(asked / forms.length).toLocaleString('en')} requests to each form, ${asked / forms.length / kinds.length} of each kind of address in random order, one after the other on one connection; services
after each other, since one takes a thousand an hour.
`);
  const rows = forms.flatMap((form) => kinds.map((kind) => rowOf(times, form, kind)));
  print(
    renderTable(
      ['form', 'address', 'median', '90th percentile', '× new’s median', '× new’s 90th'],
      rows.map(({ form, kind, middle, ninth, ofMiddle, ofNinth }) => [
        `\`POST ${form}\``,
        kind,
        milliseconds(middle),
        milliseconds(ninth),
        ratio(ofMiddle),
        ratio(ofNinth),
      ]),
    ),
  );
  return forms.flatMap((form): Target[] => {
    const off = rows.filter((row) => row.form === form).map(({ ofMiddle }) => Math.max(ofMiddle, 1 / ofMiddle));
    return [
      { name: `${form}: the median for a known address against a new one’s`, measured: Math.max(...off), atMost: 1.1 },
      { name: `${form}: different answers`, measured: answers.get(form)?.size ?? 0, atMost: 1 },
    ];
  });
}

/** Each form with each kind of address, `perRound` times; no address comes twice, in this round or another. */
function questions(round: number): [form: (typeof forms)[number], kind: Kind, number: number][] {
  const places = Array.from({ length: perRound }, (_, index) => index);
  return forms.flatMap((form, at) =>
    kinds.flatMap((kind) =>
      places.map((index): [typeof form, Kind, number] => [form, kind, (round * forms.length + at) * perRound + index]),
    ),
  );
}

function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function rowOf(times: ReadonlyMap<string, readonly number[]>, form: (typeof forms)[number], kind: Kind) {
  const of = (which: Kind): readonly number[] => times.get(`${form} ${which}`) ?? [];
  const [middle, ninth] = [median(of(kind)), quantile(of(kind), 0.9)];
  const [newMiddle, newNinth] = [median(of('new')), quantile(of('new'), 0.9)];
  return { form, kind, middle, ninth, ofMiddle: middle / newMiddle, ofNinth: ninth / newNinth };
}

function listOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

/** Asks once for a client; the time is from the request until the whole answer is there. */
function ask(agent: Agent, url: string, form: URLSearchParams | null, client: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = form === null ? '' : String(form);
    const type = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
    const startedAt = performance.now();
    const question = request(
      url,
      {
        agent,
        method: form === null ? 'GET' : 'POST',
        headers: { ...(form === null ? {} : type), 'x-forwarded-for': client },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.once('error', reject).once('end', () => {
          const ms = performance.now() - startedAt;
          resolve({ ms, status: answer.statusCode ?? 0, body: text });
        });
      },
    );
    question.once('error', reject).end(body);
  });
}

const milliseconds = (ms: number): string => `${ms.toFixed(2)} ms`;

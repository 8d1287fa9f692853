import type { OutboundAnswer, OutboundClient } from '../../outbound-client.ts';
import { alive, type LinkVerdict } from './link-verdict.ts';

export interface ForeignLinksOptions {
  readonly client: Pick<OutboundClient, 'look'>;
  /** How many addresses are asked for at most; default 200. */
  readonly most?: number;
  /** How many servers are asked at once; default 6. One server is asked for one address after the other. */
  readonly atOnce?: number;
  /** For all of them; default 60 s. */
  readonly withinMs?: number;
}

/** Asks for addresses of other sites whether anything is there. */
export async function lookAtForeignLinks(
  urls: readonly string[],
  { client, most = 200, atOnce = 6, withinMs = 60_000 }: ForeignLinksOptions,
): Promise<ReadonlyMap<string, LinkVerdict>> {
  const distinct = [...new Set(urls)];
  const verdicts = new Map<string, LinkVerdict>(
    distinct.slice(most).map((url) => [url, unknown(`only the first ${most} addresses are asked for`)]),
  );
  const stop = AbortSignal.timeout(withinMs);
  const byHost = [...Map.groupBy(distinct.slice(0, most), (url) => new URL(url).host).values()];
  const work = async (): Promise<void> => {
    for (let urlsOfHost = byHost.pop(); urlsOfHost !== undefined; urlsOfHost = byHost.pop()) {
      for (const url of urlsOfHost) {
        const answer = stop.aborted ? null : await client.look(url, stop);
        verdicts.set(url, stop.aborted || answer === null ? unknown('there was no time left') : verdictOf(answer));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return verdicts;
}

/** Many servers turn programs away (403, 429) or are ill for an hour (5xx): that says nothing of what readers see. */
function verdictOf(answer: OutboundAnswer): LinkVerdict {
  switch (answer.kind) {
    case 'answered':
      if (answer.status < 400) return alive;
      return answer.status === 404 || answer.status === 410
        ? { kind: 'dead', why: `its server answers ${answer.status}` }
        : unknown(`its server answers ${answer.status}`);
    case 'no_such_host':
      return { kind: 'dead', why: `there is no host ${answer.host}` };
    case 'unknown':
      return unknown(answer.why);
    default:
      return answer satisfies never;
  }
}

function unknown(why: string): LinkVerdict {
  return { kind: 'unknown', why };
}

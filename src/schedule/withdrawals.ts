import type { Clock } from '../clock.ts';
import type { PublishedCatalog } from '../content/index.ts';
import type { DeliveryLedger } from '../delivery/index.ts';
import type { NoticeEvent } from '../operators/index.ts';

export interface WithdrawalsOptions {
  readonly ledger: Pick<DeliveryLedger, 'heedWithdrawn'>;
  readonly published: () => {
    readonly withdrawn: readonly Pick<PublishedCatalog['withdrawn'][number], 'id' | 'lang'>[];
  };
  readonly clock: Clock;
  readonly tell: (event: NoticeEvent) => Promise<void>;
}

/**
 * Makes what keeps an article that was withdrawn from going out with an edition that was frozen before, and tells
 * operators whose readers go without it all; also of one edition that is over, before anything of it is sent again.
 */
export function createWithdrawals(options: WithdrawalsOptions): (alsoOf?: string) => Promise<void> {
  const { ledger, published, clock, tell } = options;
  return async (alsoOf) => {
    const langOf = new Map(published().withdrawn.map(({ id, lang }) => [id, lang]));
    const now = clock.now();
    for (const { editionId, readers } of await ledger.heedWithdrawn(langOf, now, alsoOf)) {
      const who = readers === 1 ? '1 reader of it goes' : `${readers} readers of it go`;
      await tell({
        kind: 'withdrawn',
        editionId,
        about: now,
        sentence: `An article in ${editionId} was withdrawn: ${who} without the edition.`,
        whatToDo: `Once the article is published again, silkpost editions retry ${editionId} --missing sends it to them; otherwise silkpost send makes them another edition without it.`,
      });
    }
  };
}

import type { Edition, Newsletter } from '../digest/index.ts';
import { AppError } from '../errors.ts';
import { lazily } from '../lazily.ts';
import type { Rhythm } from '../subscribers/index.ts';
import { type Series, seriesName, seriesOf } from './rhythm.ts';

/** Every newsletter of the publication with its series of editions. */
export interface SeriesBook {
  readonly newsletters: readonly Newsletter[];
  /** A newsletter's own first, then its coarser ones. */
  readonly all: readonly Series[];
  /** @throws AppError `not_found` */
  getNewsletter(name: string): Newsletter;
  /** @throws AppError `not_found` for an unknown newsletter, `invalid` where it doesn't come more often than that. */
  getSeries(newsletter: string, rhythm: Rhythm): Series;
  /** What the series of an edition is called, as marks of the guard are. */
  nameOf(edition: Pick<Edition, 'newsletter' | 'rhythm'>): string;
}

export function createSeriesBook(newsletters: readonly Newsletter[]): SeriesBook {
  // When they are asked for: which of them there are takes going through a year of each, and who builds needs none.
  const all = lazily(() => newsletters.flatMap(seriesOf));

  function getNewsletter(name: string): Newsletter {
    const found = newsletters.find((newsletter) => newsletter.name === name);
    if (found) return found;
    throw new AppError('not_found', `There is no newsletter ${name} in silkpost.yaml.`);
  }

  return {
    newsletters,
    get all() {
      return all();
    },
    getNewsletter,
    getSeries(name, rhythm) {
      const own = all().filter(({ newsletter }) => newsletter.name === getNewsletter(name).name);
      const found = own.find((series) => series.rhythm === rhythm);
      if (found) return found;
      const others = own.map((series) => series.rhythm).join(', ');
      throw new AppError('invalid', `${name} has no editions of the rhythm ${rhythm}, only: ${others}.`);
    },
    nameOf: ({ newsletter, rhythm }) => seriesName({ newsletter: getNewsletter(newsletter), rhythm }),
  };
}

import type { FeedProblem } from '../feeds/index.ts';

/** Something about a feed or a picture that somebody should look at. */
export interface PressProblem {
  readonly kind: 'feed' | 'picture';
  /** A sentence; one for all documents that have the same. */
  readonly message: string;
  /** URL paths of the documents or of the picture; `/`: all of them. */
  readonly paths: readonly string[];
  /** Id of the article that is left out; null where the document or picture as a whole is concerned. */
  readonly article: string | null;
}

/** What is wrong with feeds and pictures, as they were last made. */
export interface PressProblems {
  /** Of all feeds but archives that wait: those with a fault are made anew each time. */
  keepFeeds(problems: readonly FeedProblem[]): void;
  keepArchives(problems: readonly FeedProblem[]): void;
  /** Of originals. */
  keepPictures(problems: readonly { readonly path: string; readonly message: string }[]): void;
  /** Of the smaller sizes of a picture; null: it is over. */
  keepSizes(path: string, message: string | null): void;
  list(): PressProblem[];
}

export function createPressProblems(): PressProblems {
  let feeds: readonly FeedProblem[] = [];
  let archives: readonly FeedProblem[] = [];
  let pictures: readonly { readonly path: string; readonly message: string }[] = [];
  const sizes = new Map<string, string>();
  return {
    keepFeeds(problems) {
      feeds = problems;
    },
    keepArchives(problems) {
      archives = problems;
    },
    keepPictures(problems) {
      pictures = problems;
    },
    keepSizes(path, message) {
      if (message === null) sizes.delete(path);
      else sizes.set(path, message);
    },
    list() {
      const ofFeeds = Map.groupBy([...feeds, ...archives], ({ message }) => message);
      const ofPictures = [...pictures, ...[...sizes].map(([path, message]) => ({ path, message }))];
      return [
        ...[...ofFeeds].map(([message, some]) => ({
          kind: 'feed' as const,
          message,
          paths: some.map(({ path }) => path),
          article: some[0]?.entry ?? null,
        })),
        ...ofPictures.map(({ path, message }) => ({ kind: 'picture' as const, message, paths: [path], article: null })),
      ];
    },
  };
}

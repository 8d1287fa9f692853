import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Article } from '../../../content/index.ts';

/** Looks articles up by their words. Their titles are packed in memory, and unpacked when somebody is about to search only. */
export interface ArticleTitles {
  /**
   * Those of the articles, in their order, in whose title each of the words begins a word, or whose slug begins with the
   * text. Upper and lower case are one, and punctuation doesn't count.
   *
   * @param text without a letter or digit it finds nothing.
   */
  search(articles: readonly Article[], text: string): Promise<readonly Article[]>;
  /** Unpacks titles before somebody searches them. */
  prepare(articles: readonly Article[]): Promise<void>;
}

/** How long titles stay unpacked after a search. */
const keptMs = 10 * 60_000;
/** How long titles are unpacked between two looks at the rest of the world. */
const breathMs = 8;

export function createArticleTitles(): ArticleTitles {
  /** In lower case. An article that changed is another object. */
  let titles = new WeakMap<Article, string>();
  let timer: NodeJS.Timeout | undefined;

  async function unpack(articles: readonly Article[]): Promise<WeakMap<Article, string>> {
    clearTimeout(timer);
    timer = setTimeout(() => {
      titles = new WeakMap();
    }, keptMs).unref();
    const kept = titles;
    let breath = performance.now();
    for (const article of articles) {
      if (kept.has(article)) continue;
      kept.set(article, article.title.toLowerCase());
      if (performance.now() - breath < breathMs) continue;
      await nextTurn();
      breath = performance.now();
    }
    return kept;
  }

  return {
    async prepare(articles) {
      await unpack(articles);
    },

    async search(articles, text) {
      const unpacked = await unpack(articles);
      const words = text.toLowerCase().match(wordsIn) ?? [];
      if (words.length === 0) return [];
      const slug = words.join('-');
      return articles.filter((article) => {
        const title = unpacked.get(article) ?? '';
        return article.slug.startsWith(slug) || words.every((word) => hasWord(title, word));
      });
    },
  };
}

const wordsIn = /[\p{L}\p{M}\p{N}]+/gu;
const endsInWord = /[\p{L}\p{M}\p{N}]$/u;

/** Whether a word of the text begins with these letters. */
function hasWord(text: string, letters: string): boolean {
  for (let at = text.indexOf(letters); at !== -1; at = text.indexOf(letters, at + 1)) {
    if (!endsInWord.test(text.slice(Math.max(0, at - 2), at))) return true; // a character has two units at most
  }
  return false;
}

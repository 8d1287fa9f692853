import { createHash } from 'node:crypto';
import type { Story } from '../content/index.ts';
import type { Localized, Site } from '../site.ts';
import type { Edition } from './edition.ts';
import type { Newsletter } from './newsletter.ts';

/**
 * Everything that decides what readers of an edition get, and who they are, small enough to be kept and told apart by
 * parts: whoever approves an edition approves this.
 */
export interface EditionManifest {
  /** In the edition's order. */
  readonly stories: readonly ManifestStory[];
  /** Subjects and preheaders that somebody wrote, by language. */
  readonly subjects: Localized;
  readonly preheaders: Localized;
  /** A hash of the files of templates. */
  readonly templates: string;
  /** A hash of what `silkpost.yaml` says of the publication and the newsletter. */
  readonly settings: string;
  /** Whom it is for. */
  readonly audience: string;
}

interface ManifestStory {
  readonly key: string;
  /** For people. */
  readonly title: string;
  /** The hash of what readers see of each of its articles, by language. */
  readonly articles: Readonly<Record<string, string>>;
}

export interface ManifestInput {
  readonly site: Site;
  readonly newsletter: Newsletter;
  readonly edition: Pick<Edition, 'newsletter' | 'rhythm' | 'selection' | 'arrangement' | 'audience'>;
  readonly stories: readonly Story[];
  /** See `templatesHash`. */
  readonly templates: string;
}

/** Cheap: nothing is rendered. */
export function editionManifest({ site, newsletter, edition, stories, templates }: ManifestInput): EditionManifest {
  const { rhythm, selection, arrangement, audience } = edition;
  const { name, title, timezone, select, text, template } = newsletter;
  return {
    stories: stories.map(({ key, original, byLanguage }) => ({
      key,
      title: original.title,
      articles: Object.fromEntries([...byLanguage].map(([lang, { contentHash }]) => [lang, contentHash])),
    })),
    subjects: arrangement.subjects,
    preheaders: arrangement.preheaders,
    templates,
    settings: hashOf({ site, title, timezone, text, template }),
    audience: canonical({ name, rhythm, select, again: selection.again ?? false, audience }),
  };
}

/** Text that is equal for equal manifests, whatever the order of their keys. */
export function manifestHash(manifest: EditionManifest): string {
  return hashOf(manifest);
}

/** What is different about an edition, each as the main clause of a sentence (`“Talks” was edited in fa`); empty: nothing. */
export function manifestChanges(before: EditionManifest, after: EditionManifest): readonly string[] {
  const changes = storyChanges(before.stories, after.stories);
  for (const [name, was, is] of [
    ['subject', before.subjects, after.subjects],
    ['preheader', before.preheaders, after.preheaders],
  ] as const) {
    for (const lang of new Set([...Object.keys(was), ...Object.keys(is)])) {
      if (was[lang] !== is[lang]) changes.push(`the ${name} in ${lang} was changed`);
    }
  }
  if (before.templates !== after.templates) changes.push('a template was changed');
  if (before.settings !== after.settings) changes.push('silkpost.yaml was changed');
  if (before.audience !== after.audience) changes.push('whom it is for was changed');
  return changes;
}

function storyChanges(before: EditionManifest['stories'], after: EditionManifest['stories']): string[] {
  const changes: string[] = [];
  // A story's key changes where an earlier language of the publication gets it later.
  const sameAs = (story: ManifestStory, others: EditionManifest['stories']): ManifestStory | undefined =>
    others.find(({ key }) => key === story.key);
  for (const story of before) {
    if (!sameAs(story, after)) changes.push(`“${story.title}” was taken out`);
  }
  for (const story of after) {
    const was = sameAs(story, before);
    if (!was) changes.push(`“${story.title}” was added`);
    else changes.push(...articleChanges(was, story));
  }
  const order = (some: EditionManifest['stories'], others: EditionManifest['stories']): string =>
    some.flatMap((story) => (sameAs(story, others) ? [story.key] : [])).join('\n');
  if (order(before, after) !== order(after, before)) changes.push('its stories stand in another order');
  return changes;
}

function articleChanges(before: ManifestStory, after: ManifestStory): string[] {
  const languages = new Set([...Object.keys(before.articles), ...Object.keys(after.articles)]);
  return [...languages].flatMap((lang) => {
    const [was, is] = [before.articles[lang], after.articles[lang]];
    if (was === is) return [];
    const what = was === undefined ? 'was added' : is === undefined ? 'was taken out' : 'was edited';
    return [`“${after.title}” ${what} in ${lang}`];
  });
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 32);
}

/** JSON with the keys of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

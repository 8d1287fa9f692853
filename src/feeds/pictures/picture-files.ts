import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { PublishedCatalog } from '../../content/index.ts';
import { sentenceOf } from '../../errors.ts';
import { absoluteUrl, articlePath, type Site } from '../../site.ts';
import { OwnedFiles } from '../press/owned-files.ts';
import type { ResizedPictures, ShownPicture } from './resized-pictures.ts';

interface PictureFilesParts {
  readonly site: Site;
  /** The publication's folder, where its own image and icon lie. */
  readonly dir: string;
  readonly contentDir: string;
  readonly publicDir: string;
  /** Told of what is shown; default: nobody. */
  readonly sizes?: Pick<ResizedPictures, 'show'>;
}

interface PublishedPictures {
  /** URL paths of the files that were copied and removed. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** The pictures of published articles, and the publication's own, in the public folder. */
export interface PictureFiles {
  /** Copies what is new or changed to `/articles/SLUG/FILE`, and removes what isn't published any more. */
  publish(published: PublishedCatalog): Promise<PublishedPictures>;
}

interface Original {
  /** The folder that it must lie in, and its path from there. */
  readonly root: string;
  readonly path: string;
  /** Its absolute URL, where it belongs to an article. */
  readonly url: string | null;
}

export function createPictureFiles({ site, dir, contentDir, publicDir, sizes }: PictureFilesParts): PictureFiles {
  const files = new OwnedFiles(publicDir, '.silkpost-pictures.json');
  return {
    async publish(published) {
      const pictures = new Map<string, Original>();
      for (const file of [site.image, site.icon]) {
        if (file !== null) pictures.set(`/${file}`, { root: dir, path: file, url: null });
      }
      for (const { lang, slug, attachments } of published.articles) {
        for (const { name, path } of attachments) {
          const folder = articlePath(site, lang, slug);
          const url = absoluteUrl(site, `${folder}/${encodeURIComponent(name)}`);
          pictures.set(`${folder}/${name}`, { root: contentDir, path, url });
        }
      }
      const [written, removed]: [string[], string[]] = [[], []];
      const problems: { path: string; message: string }[] = [];
      const shown: ShownPicture[] = [];
      try {
        removed.push(...(await files.removeAllBut(new Set(pictures.keys()))));
        await files.claim(pictures.keys());
      } catch (error) {
        const message = `${publicDir} can’t be written: ${sentenceOf(error)}`;
        return { written, removed, problems: [{ path: '/', message }] };
      }
      for (const [path, original] of pictures) {
        try {
          const source = await locate(original);
          if (await files.copy(path, source)) written.push(path);
          if (original.url !== null) shown.push({ path, url: original.url, file: `content/${original.path}`, source });
        } catch (error) {
          problems.push({ path, message: `${original.path} can’t be copied: ${sentenceOf(error)}` });
        }
      }
      await sizes?.show(shown);
      return { written, removed, problems };
    },
  };
}

/** A link in the folder may lead anywhere on the machine: only what really lies in it is published. */
async function locate({ root, path }: Original): Promise<string> {
  const [folder, file] = await Promise.all([realpath(root), realpath(join(root, path))]);
  if (!file.startsWith(folder + sep)) throw new Error('it lies outside the publication’s folder.');
  return file;
}

/**
 * The folder of the program's own modules: `src/` in the repository, `dist/` in the package, where modules are put
 * together into few files, so that only this one knows where it lies.
 */
const folder = new URL('./', import.meta.url);
const moduleEnding = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** A file that belongs to the program: `web/style/base.css`; what the package has beside it as `../package.json`. */
export function ownFile(path: string): URL {
  return new URL(path, folder);
}

/**
 * A module that begins a thread or a process: `crew-thread`.
 *
 * @param path without its ending. Each is an entry of `tools/bundle.ts`.
 */
export function ownModule(path: string): URL {
  return new URL(path + moduleEnding, folder);
}

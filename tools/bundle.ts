// Puts the program together for the package, in dist/ or the folder that is named: npm run build. Few files, since Node
// takes longer to look for hundreds of modules than to run them.
import { cp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const repository = fileURLToPath(new URL('../', import.meta.url));
const from = (path: string): string => join(repository, path);
const to = resolve(process.argv[2] ?? from('dist'));

/** Where the program, its threads and its processes begin; `src/own-files.ts` finds them. */
const entries = [
  'main',
  'crew-thread',
  'digest/render-thread-entry',
  'feeds/pictures/resize-process-entry',
  'storage/delivery/audience-thread-entry',
];

/**
 * Packages that every build or start needs, taken in: they come in hundreds of modules. The others are loaded from
 * node_modules.
 */
const takenIn =
  /^(?:kysely|zod|temporal-polyfill|markdown-it|markdown-it-footnote|feed|xml-js|js-yaml|intl-messageformat|@formatjs\/[^/]+|commander)(?:\/|$)/;

await rm(to, { recursive: true, force: true });
await build({
  cwd: repository,
  input: Object.fromEntries(entries.map((name) => [name, from(`src/${name}.ts`)])),
  platform: 'node',
  external: (id, importer) => isPackage(id) && !takenIn.test(id) && !importer?.includes('/node_modules/'),
  output: {
    dir: to,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  },
});
const style = 'web/style/';
await cp(from(`src/${style}`), join(to, style), { recursive: true, filter: (source) => !source.endsWith('.ts') });

function isPackage(id: string): boolean {
  return !/^(?:\.|\/|[A-Za-z]:)/.test(id);
}

// What the compiler leaves behind: the pages' styles. Part of npm run build.
import { cp } from 'node:fs/promises';

const style = 'web/style/';
await cp(new URL(`../src/${style}`, import.meta.url), new URL(`../dist/${style}`, import.meta.url), {
  recursive: true,
  filter: (source) => !source.endsWith('.ts'),
});

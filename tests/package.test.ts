import { execFile } from 'node:child_process';
import { cp, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { samplePublication } from './support/publication-folder.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const repository = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

describe('the compiled package', () => {
  it('builds feeds and renders a newsletter in its thread, from JavaScript alone', async () => {
    const { path: folder } = await temporaryFolder();
    for (const name of ['bin', 'src', 'tools', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'templates']) {
      await cp(join(repository, name), join(folder, name), { recursive: true });
    }
    await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
    await run(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: folder });
    await run(process.execPath, ['tools/copy-styles.ts'], { cwd: folder });
    const installed = (await temporaryFolder()).path;
    for (const name of ['bin', 'dist', 'package.json', 'templates']) {
      await cp(join(folder, name), join(installed, name), { recursive: true });
    }
    await symlink(join(repository, 'node_modules'), join(installed, 'node_modules'), 'junction');
    expect(
      (await readdir(join(installed, 'dist', 'web', 'style'))).filter((name) => name.endsWith('.css')),
    ).not.toEqual([]);

    const dir = await samplePublication();
    const silkpost = (...words: string[]) =>
      run(process.execPath, [join(installed, 'bin', 'silkpost.js'), ...words, '--dir', dir]);
    await silkpost('build');
    expect(await readFile(join(dir, 'public', 'rss.xml'), 'utf8')).toContain('tehran-talks');
    await silkpost('preview', 'weekly', '--since', '2022-01-01', '--lang', 'hy');
    expect(await readFile(join(dir, 'var', 'preview', 'weekly.hy.html'), 'utf8')).toContain('lang="hy"');
  });
});

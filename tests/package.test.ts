import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { samplePublication } from './support/publication-folder.ts';
import { createTemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

const repository = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

/** The package as npm packs it, unpacked where npm would install it, its dependencies the repository's. */
async function installPackage(folder: string): Promise<string> {
  const source = join(folder, 'source');
  for (const name of ['bin', 'dist']) {
    await cp(join(inject('builtProgram'), name), join(source, name), { recursive: true });
  }
  const names = ['src', 'tools', 'package.json', 'templates', 'starter', 'README.md', 'LICENSE', 'CHANGELOG.md'];
  for (const name of names) await cp(join(repository, name), join(source, name), { recursive: true });
  await run('npm', ['pack', '--ignore-scripts', '--offline', '--pack-destination', folder], { cwd: source });
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  const installed = join(folder, 'node_modules', 'silkpost');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, packed ?? ''), '--strip-components=1', '-C', installed]);
  await symlink(join(repository, 'node_modules'), join(installed, 'node_modules'), 'junction');
  return installed;
}

describe('the package', () => {
  let installed = '';
  beforeAll(async () => {
    const folder = await createTemporaryFolder();
    installed = await installPackage(folder.path);
    return () => folder.remove();
  }, 180_000);

  const bin = (): string => join(installed, 'bin', 'silkpost.js');

  it('builds feeds and renders a newsletter in its thread, from JavaScript alone', async () => {
    expect(await readdir(installed)).not.toContain('src');
    const styles = await readdir(join(installed, 'dist', 'web', 'style'));
    expect(styles.filter((name) => name.endsWith('.css'))).not.toEqual([]);
    const dir = await samplePublication();
    const silkpost = (...words: string[]) => run(process.execPath, [bin(), ...words, '--dir', dir]);
    await silkpost('build');
    expect(await readFile(join(dir, 'public', 'rss.xml'), 'utf8')).toContain('tehran-talks');
    await silkpost('preview', 'weekly', '--since', '2022-01-01', '--lang', 'hy');
    expect(await readFile(join(dir, 'var', 'preview', 'weekly.hy.html'), 'utf8')).toContain('lang="hy"');
  });

  it('makes a publication in an empty folder and serves its first article until it is told to stop', async () => {
    const cwd = (await temporaryFolder()).path;
    await run(process.execPath, [bin(), 'init', '--title', 'The Hill Courier'], { cwd });
    await run(process.execPath, [bin(), 'check', '--strict', '--editions'], { cwd });
    const child = spawn(process.execPath, [bin(), 'start'], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', SILKPOST_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    let url = '';
    for await (const line of createInterface({ input: child.stdout })) {
      const { event, url: found } = JSON.parse(line);
      if (event !== 'ready') continue;
      url = found;
      break;
    }
    const feed = await (await fetch(`${url}/rss.xml`)).text();
    expect(feed).toContain('Welcome to The Hill Courier');
    const [, picture = ''] = /url="([^"]+hills\.png)"/.exec(feed) ?? [];
    expect((await fetch(url + new URL(picture).pathname)).headers.get('content-type')).toBe('image/png');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('says one sentence on a Node that is too old', async () => {
    const old = join((await temporaryFolder()).path, 'old.cjs');
    await writeFile(
      old,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });",
    );
    const refused = await run(process.execPath, ['--require', old, bin(), 'start']).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Silkpost needs Node 24.*\n$/),
    });
  });
});

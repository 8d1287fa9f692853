import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Cost, measure } from '../measure.ts';

const benchFolder = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

/** Installs the packages of `bench/package.json`, which Silkpost itself doesn't have, where they aren't there yet. */
export async function installPeers(): Promise<string> {
  const modules = join(benchFolder, 'node_modules');
  if (!existsSync(join(modules, '.package-lock.json'))) {
    await run('npm', ['ci', '--prefix', benchFolder, '--ignore-scripts'], { timeout: 300_000 });
  }
  return modules;
}

/** Lays a project of Eleventy's beside a publication's articles. */
export async function prepareEleventy(publication: string, site: string): Promise<void> {
  const modules = await installPeers();
  await mkdir(site, { recursive: true });
  await cp(join(benchFolder, 'peers', 'eleventy.config.js'), join(site, 'eleventy.config.js'));
  await symlink(modules, join(site, 'node_modules'), 'junction');
  await symlink(join(publication, 'content'), join(site, 'content'), 'junction');
}

/** One build from nothing: Eleventy keeps nothing between builds. */
export async function runEleventy(site: string, out: string): Promise<Cost> {
  await rm(out, { recursive: true, force: true });
  const program = join(site, 'node_modules', '@11ty', 'eleventy', 'cmd.cjs');
  const words = ['--quiet', '--input=content', `--output=${out}`];
  return measure([process.execPath, '--max-old-space-size=8192', program, ...words], { cwd: site });
}

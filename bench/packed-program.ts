import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

/**
 * Lays the program into a folder as the package has it, without src/; puts it together first where dist/ is older than
 * what it is made from.
 *
 * @returns the path of its `bin/silkpost.js`.
 */
export async function packProgram(folder: string): Promise<string> {
  if (await isStale()) await run('npm', ['run', '--silent', 'build'], { cwd: repository });
  await mkdir(folder, { recursive: true });
  for (const name of ['bin', 'dist', 'templates', 'package.json']) {
    await cp(join(repository, name), join(folder, name), { recursive: true, preserveTimestamps: true });
  }
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return join(folder, 'bin', 'silkpost.js');
}

/** Whether a command of the program has an option. */
export async function hasOption(bin: string, command: string, option: string): Promise<boolean> {
  const { stdout } = await run(process.execPath, [bin, command, '--help']);
  return stdout.includes(option);
}

async function isStale(): Promise<boolean> {
  const built = await modifiedAt(join(repository, 'dist', 'main.js'));
  const sources = await readdir(join(repository, 'src'), { recursive: true, withFileTypes: true });
  const files = sources.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  files.push(join(repository, 'tools', 'bundle.ts'), join(repository, 'package.json'));
  const newest = await Promise.all(files.map(modifiedAt));
  return newest.some((time) => time > built);
}

async function modifiedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

// Clones the repository into a new folder, installs and starts it as a newcomer would, and looks at what comes out:
// the home feed answers, the outbox holds mail, SIGTERM stops it with 0. Plain JavaScript: it runs on the outer Node.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'silkpost-clean-'));
const clone = join(folder, 'silkpost');
const deadlineMs = 120_000;
let program;
let pid = null;
let problem = null;

try {
  execFileSync('git', ['clone', '--quiet', source, clone], { stdio: 'inherit' });
  execFileSync('npm', ['ci'], { cwd: clone, stdio: 'inherit' });
  program = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...process.env, SILKPOST_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise((resolve) => program.once('exit', (code, signal) => resolve({ code, signal })));
  const entry = await ready(program, exit);
  const url = entry.url.replace(/\/$/, '');
  // Silkpost itself: npm, which stands in front of it, doesn't pass signals on.
  pid = entry.pid;
  await expectFeed(`${url}/rss.xml`, 'application/rss+xml');
  await expectFeed(`${url}/atom.xml`, 'application/atom+xml');
  await expectFeed(`${url}/feed.json`, 'application/feed+json');
  await expectMail(join(clone, 'var', 'outbox'));
  process.kill(pid, 'SIGTERM');
  const { code, signal } = await within(exit, 'did not stop after SIGTERM');
  if (code !== 0) throw new Error(`stopped with ${code ?? signal} instead of 0`);
  console.log('a clean clone starts, serves its feeds, fills the outbox and stops');
} catch (error) {
  problem = error;
  console.error(`a clean clone does not start: ${error.message}`);
  if (program?.exitCode === null) process.kill(pid ?? program.pid, 'SIGKILL');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(problem === null ? 0 : 1);

function within(promise, sentence) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(sentence)), deadlineMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function ready(child, exit) {
  const found = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const entry = JSON.parse(line);
      if (entry.event === 'ready') resolve(entry);
    });
  });
  const ended = exit.then(({ code }) => {
    throw new Error(`ended with ${code} before it was ready`);
  });
  return within(Promise.race([found, ended]), 'was not ready in time');
}

async function expectFeed(url, type) {
  const answer = await fetch(url);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
  if (!answer.headers.get('content-type')?.startsWith(type)) throw new Error(`${url} is no ${type}`);
  if (!text.includes('tehran-talks')) throw new Error(`${url} lacks the first article`);
}

async function expectMail(outbox) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const mails = existsSync(outbox)
      ? readdirSync(outbox, { recursive: true }).filter((name) => String(name).endsWith('.eml'))
      : [];
    if (mails.length >= 3) return;
    if (Date.now() > end) throw new Error(`the outbox holds ${mails.length} mails instead of 3`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

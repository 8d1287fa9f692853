import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/**
 * A copy of the sample publication that a test may change.
 *
 * @param into An empty folder for `beforeAll`; by default one that goes when the test ends.
 */
export async function samplePublication(into?: string): Promise<string> {
  const folder = into ?? (await temporaryFolder()).path;
  for (const name of ['silkpost.yaml', 'content', 'templates', 'logo.png', 'icon.png']) {
    await cp(join(repository, name), join(folder, name), { recursive: true });
  }
  return folder;
}

const small = `publication:
  title: { en: The Hill Courier, fa: پیک }
  url: http://localhost:8080
  authority: courier.example,2026
  timezone: Asia/Tbilisi
  languages: [en, fa]
  publisher: { name: The Hill Courier, address: "1 Lane, Tbilisi" }
countries:
  armenia: { title: { en: Armenia } }
  georgia: { title: { en: Georgia } }
newsletters:
  weekly:
    title: { en: The week }
    schedule: 0 7 * * FRI
mail:
  from: { name: The Hill Courier, address: digest@courier.example }
`;

/**
 * A publication in two languages without an article.
 *
 * @param into An empty folder for `beforeAll`; by default one that goes when the test ends.
 */
export async function smallPublication(into?: string): Promise<string> {
  const folder = into ?? (await temporaryFolder()).path;
  await mkdir(join(folder, 'content'));
  await cp(join(repository, 'templates'), join(folder, 'templates'), { recursive: true });
  await writeFile(join(folder, 'silkpost.yaml'), small);
  return folder;
}

import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApprovalStore, EditionManifest } from '../../src/digest/index.ts';
import { createApprovalStore, createEditionStore, openDatabase } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const at = '2026-11-27T09:00:00.000Z';
const later = '2026-11-27T10:00:00.000Z';
const manifest: EditionManifest = {
  stories: [{ key: 'a', title: 'Talks', articles: { en: 'x', fa: 'y' } }],
  subjects: { fa: 'پل' },
  preheaders: {},
  templates: 't',
  settings: 's',
  audience: 'everybody',
};

async function openSqliteStore(): Promise<{ store: ApprovalStore; editionId: string }> {
  const database = await openDatabase(join((await temporaryFolder()).path, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  const edition = await createEditionStore(database).createEdition({
    newsletter: 'weekly',
    dueAt: at,
    trigger: 'schedule',
    selection: { since: null, slugs: null },
    state: 'draft',
    reason: null,
    now: at,
    key: 'once',
  });
  if (edition === null) throw new Error('no edition');
  return { store: createApprovalStore(database), editionId: edition.id };
}

describe.each([['SQLite', openSqliteStore]])('ApprovalStore in %s', (_name, openStore) => {
  it('keeps who approved what, and the newest counts', async () => {
    const { store, editionId } = await openStore();
    expect(await store.findApproval(editionId)).toBeNull();
    const by = { id: 7, name: 'Ana' };
    const first = await store.addApproval({ editionId, manifest, by, at });
    expect(first).toMatchObject({ editionId, manifest, by, at, voidedAt: null, why: [] });
    expect(await store.findApproval(editionId)).toEqual(first);
    const second = await store.addApproval({ editionId, manifest, by: { id: null, name: 'root' }, at: later });
    expect(await store.findApproval(editionId)).toEqual(second);
    expect(await store.voidApproval(first.id, ['a template was changed'], later)).toBe(false);
    expect(await store.findApproval(editionId)).toEqual(second);
  });

  it('voids one once, and says why', async () => {
    const { store, editionId } = await openStore();
    const { id } = await store.addApproval({ editionId, manifest, by: { id: 7, name: 'Ana' }, at });
    expect(await store.voidApproval(id, ['“Talks” was edited in fa'], later)).toBe(true);
    expect(await store.voidApproval(id, ['a template was changed'], later)).toBe(false);
    expect(await store.findApproval(editionId)).toMatchObject({ voidedAt: later, why: ['“Talks” was edited in fa'] });
  });
});

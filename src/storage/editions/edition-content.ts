import { sql } from 'kysely';
import type { EditionPieces, EditionTexts, ToldStory, VariantRecord } from '../../digest/index.ts';
import type { Database } from '../database/database.ts';

/** See `EditionStore.listPieces`. */
export async function listPieces(database: Database, editionId: string): Promise<EditionPieces[]> {
  const rows = await database
    .selectFrom('edition_pieces')
    .select('pieces')
    .where('edition_id', '=', editionId)
    .orderBy('lang')
    .execute();
  return rows.map((row) => JSON.parse(row.pieces) as EditionPieces); // written by the freeze as it stands
}

/** See `EditionStore.listTexts`. */
export async function listTexts(
  database: Database,
  editionIds: readonly string[],
  languages: readonly string[],
): Promise<Map<string, EditionTexts[]>> {
  const texts = new Map<string, EditionTexts[]>(editionIds.map((id) => [id, []]));
  if (editionIds.length === 0 || languages.length === 0) return texts;
  const { rows } = await sql<{ edition_id: string; lang: string; stories: string }>`
    select edition_id, lang, (
      select json_group_array(json_object(
        'storyKey', value ->> 'storyKey', 'lang', value ->> 'lang', 'title', value ->> 'title', 'summary', value ->> 'summary'
      )) from json_each(pieces, '$.stories')
    ) as stories
    from edition_pieces
    where edition_id in (${sql.join([...editionIds])}) and lang in (${sql.join([...languages])})
    order by edition_id, lang`.execute(database);
  for (const { edition_id: id, lang, stories } of rows) {
    texts.get(id)?.push({ lang, stories: JSON.parse(stories) }); // just made of what the freeze wrote
  }
  return texts;
}

/** See `EditionStore.listVariants`. */
export async function listVariants(database: Database, editionId: string): Promise<VariantRecord[]> {
  const rows = await database
    .selectFrom('edition_variant')
    .selectAll()
    .where('edition_id', '=', editionId)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({
    number: row.number,
    lang: row.lang,
    stories: JSON.parse(row.stories) as ToldStory[], // written by the freeze as it stands
    subject: row.subject,
    preheader: row.preheader,
    readers: row.readers,
  }));
}

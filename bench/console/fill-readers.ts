import type { DatabaseSync } from 'node:sqlite';
import { addressKey, type Keys } from '../../src/subscribers/index.ts';

export interface ReadersToFill {
  readonly count: number;
  readonly now: Date;
}

const dayMs = 24 * 3_600_000;
const first = ['Anna', 'Արամ', 'ნინო', 'Leyla', 'Иван', 'مریم', 'Deniz', 'Maria', 'Tigran', 'Giorgi'];
const last = ['Petrosyan', 'Beridze', 'Mammadov', 'Smith', 'Кузнецов', 'رضایی', 'Yılmaz', 'Dupont'];
const languages = ['en', 'en', 'en', 'hy', 'ka', 'fa'];
const domains = ['gmail.example', 'gmail.example', 'mail.example', 'post.example'];

/** Readers of the weekly, who came over three years; some left, paused, are suspended or suppressed. */
export function fillReaders(database: DatabaseSync, keys: Keys, { count, now }: ReadersToFill): void {
  const offered = offeredLanguages(database);
  const insert = database.prepare(
    `insert into subscriber (email, name, name_key, address_key, lang, languages, choice, state, sample, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
  );
  for (let index = 0; index < count; index++) {
    const email = `${(index * 7919) % count}.reader@${index % 9 === 0 ? `d${index % 40_000}.example` : domains[index % 4]}`;
    const wanted = languages[index % languages.length] ?? 'en';
    const lang = offered.includes(wanted) ? wanted : (offered[index % offered.length] ?? 'en');
    const name = index % 3 === 0 ? `${first[index % 10]} ${last[index % 8]} ${index % 5000}` : null;
    const state = index % 1000 === 7 ? 'suspended' : index % 2000 === 11 ? 'pending' : 'active';
    const createdAt = new Date(now.getTime() - (index % 1095) * dayMs - (index % 86_400) * 1000).toISOString();
    const choice = JSON.stringify({ languages: [lang], countries: index % 5 === 0 ? ['armenia'] : [], topics: [] });
    const languageList = JSON.stringify([lang]);
    insert.run(
      email,
      name,
      name?.toLowerCase() ?? null,
      addressKey(keys, email),
      lang,
      languageList,
      choice,
      state,
      createdAt,
    );
  }
  database.exec(`
    insert into subscription (subscriber_id, newsletter, state, since, source, rhythm, paused_until)
    select id, 'weekly', case when id % 50 = 3 then 'left' when id % 100 = 5 then 'paused' else 'active' end,
      created_at, 'form', 'each', null
    from subscriber where state <> 'pending' and id not in (select subscriber_id from subscription);
    insert into consent (subscriber_id, what, newsletters, lists, wording, lang, version, how, at)
    select id, 'confirmed', '["weekly"]', choice, 'I ask for it.', lang, 'v1', 'form', created_at from subscriber;
    insert into suppression (address_key, reason, since)
    select address_key, case when id % 3 = 0 then 'complaint' else 'address_gone' end, created_at
    from subscriber where id % 100 = 13;`);
}

function offeredLanguages(database: DatabaseSync): string[] {
  return database
    .prepare('select distinct lang from subscriber')
    .all()
    .map(({ lang }) => String(lang));
}

import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A subscription and its reader, as the names of two rows in a statement. */
interface Pair {
  readonly reader: string;
  readonly row: string;
  /** Whether the reader's address gets no mail: an expression. */
  readonly suppressed: string;
}

function pair(reader: string, row: string, suppressed?: '0' | '1'): Pair {
  const isSuppressed = `exists (select 1 from suppression where suppression.address_key = ${reader}.address_key)`;
  return { reader, row, suppressed: suppressed ?? isSuppressed };
}

// Days are those of the machine's clock: a statement that erases or suspends a reader carries no time.
const today = `date('now')`;
const now = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`;

const pauseOf = ({ row }: Pair): string =>
  `case when ${row}.state = 'paused' then coalesce(${row}.paused_until, '') else '' end`;
const readerStateOf = ({ reader, suppressed }: Pair): string =>
  `case when ${reader}.state = 'active' and ${suppressed} then 'suppressed' else ${reader}.state end`;
const isOn = ({ reader, row }: Pair): string =>
  `(${reader}.state in ('active', 'suspended') and ${row}.state in ('active', 'paused'))`;
const isReading = ({ reader, row, suppressed }: Pair): string =>
  `(${reader}.state = 'active' and (${row}.state = 'active'
    or (${row}.state = 'paused' and coalesce(${row}.paused_until, '9') <= ${now})) and not ${suppressed})`;
const willRead = ({ reader, row, suppressed }: Pair): string =>
  `(${row}.state = 'paused' and ${row}.paused_until > ${now} and ${reader}.state = 'active' and not ${suppressed})`;

/** One subscription more or fewer of its kind. */
const count = (of: Pair, by: 1 | -1, from: string): string => `
  insert into reader_count (newsletter, lang, rhythm, reader_state, state, paused_until, count)
  select ${of.row}.newsletter, ${of.reader}.lang, ${of.row}.rhythm, ${readerStateOf(of)}, ${of.row}.state, ${pauseOf(of)},
    ${by} ${from}
  on conflict (newsletter, lang, rhythm, reader_state, state, paused_until) do update set count = count + excluded.count;`;

const toDay = (columns: string): string => `
  insert into reader_day (newsletter, day, joined, "left", change) ${columns}
  on conflict (newsletter, day) do update set joined = joined + excluded.joined, "left" = "left" + excluded."left",
    change = change + excluded.change;`;

/** A reader who will get its editions once a pause is over is written to that day beforehand. */
const pauseEnd = (of: Pair, by: 1 | -1, from: string): string =>
  toDay(`select ${of.row}.newsletter, substr(${of.row}.paused_until, 1, 10), 0, 0, ${by} ${from} and ${willRead(of)}`);

const begin = (of: Pair, from: string): string => `${count(of, 1, from)}
  ${toDay(`select ${of.row}.newsletter, ${today}, 1, 0, ${isReading(of)} ${from} and ${isOn(of)}`)}
  ${pauseEnd(of, 1, from)}`;

const end = (of: Pair, from: string): string => `${count(of, -1, from)}
  ${toDay(`select ${of.row}.newsletter, ${today}, 0, 1, -${isReading(of)} ${from} and ${isOn(of)}`)}
  ${pauseEnd(of, -1, from)}`;

function change(before: Pair, after: Pair, from: string): string {
  const joins = `(${isOn(after)} and not ${isOn(before)})`;
  const leaves = `(${isOn(before)} and not ${isOn(after)})`;
  const by = `${isReading(after)} - ${isReading(before)}`;
  return `${count(before, -1, from)} ${count(after, 1, from)}
    ${toDay(`select ${after.row}.newsletter, ${today}, ${joins}, ${leaves}, ${by} ${from} and (${joins} or ${leaves} or ${by} <> 0)`)}
    ${pauseEnd(before, -1, from)} ${pauseEnd(after, 1, from)}`;
}

const person = (row: 'old' | 'new', by: 1 | -1): string => `
  insert into subscriber_count (lang, state, count) values (${row}.lang, ${row}.state, ${by})
  on conflict (lang, state) do update set count = count + excluded.count;`;

const ofRow = (row: 'old' | 'new'): string => `from subscriber where subscriber.id = ${row}.subscriber_id`;
const ofReader = 'from subscription where subscription.subscriber_id = old.id';
const everyone = 'from subscription join subscriber on subscriber.id = subscription.subscriber_id';
const ofAddress = (row: 'old' | 'new'): string => `${everyone} where subscriber.address_key = ${row}.address_key`;
const known = pair('subscriber', 'subscription');
const open = pair('subscriber', 'subscription', '0');
const shut = pair('subscriber', 'subscription', '1');

const triggers = [
  `create trigger subscriber_added after insert on subscriber begin ${person('new', 1)} end`,
  // Before the row goes: subscriptions that follow it by their foreign key would find no reader any more.
  `create trigger subscriber_removed before delete on subscriber begin
    delete from subscription where subscriber_id = old.id;
    ${person('old', -1)} end`,
  `create trigger subscriber_moved after update of state, lang, address_key on subscriber
    when old.state <> new.state or old.lang <> new.lang or old.address_key <> new.address_key begin
    ${person('old', -1)} ${person('new', 1)}
    ${change(pair('old', 'subscription'), pair('new', 'subscription'), ofReader)} end`,
  `create trigger subscription_added after insert on subscription begin
    ${begin(pair('subscriber', 'new'), ofRow('new'))} end`,
  `create trigger subscription_moved after update of state, rhythm, paused_until on subscription
    when old.state <> new.state or old.rhythm <> new.rhythm or old.paused_until is not new.paused_until begin
    ${change(pair('subscriber', 'old'), pair('subscriber', 'new'), ofRow('new'))} end`,
  `create trigger subscription_removed after delete on subscription begin
    ${end(pair('subscriber', 'old'), ofRow('old'))} end`,
  `create trigger suppression_added after insert on suppression begin ${change(open, shut, ofAddress('new'))} end`,
  `create trigger suppression_removed after delete on suppression begin ${change(shut, open, ofAddress('old'))} end`,
];

/**
 * What is known of earlier days: when a state began. Who left had come when the address did; nobody noted since when
 * addresses have got no mail.
 */
const earlierDays = `
  with kept as (
    select newsletter, subscription.state, substr(since, 1, 10) as since, substr(min(created_at, since), 1, 10) as came,
      substr(max(paused_until, since), 1, 10) as resumes, subscriber.state = 'active' and not ${known.suppressed} as gets
    ${everyone} where subscriber.state in ('active', 'suspended')),
  step (newsletter, day, joined, "left", change) as (
    select newsletter, iif(state = 'active', since, came), 1, 0, gets from kept
    union all select newsletter, since, 0, state = 'left', -gets from kept where state <> 'active'
    union all select newsletter, resumes, 0, 0, gets from kept where state = 'paused' and resumes is not null)
  insert into reader_day (newsletter, day, joined, "left", change)
  select newsletter, day, sum(joined), sum("left"), sum(change) from step group by newsletter, day`;

const steps = [
  `create table subscriber_count (
    lang text not null, state text not null, count integer not null, primary key (lang, state)) without rowid`,
  `create table reader_count (
    newsletter text not null, lang text not null, rhythm text not null, reader_state text not null, state text not null,
    paused_until text not null, count integer not null,
    primary key (newsletter, lang, rhythm, reader_state, state, paused_until)) without rowid`,
  `create table reader_day (
    newsletter text not null, day text not null, joined integer not null, "left" integer not null,
    change integer not null, primary key (newsletter, day)) without rowid`,
  `insert into subscriber_count (lang, state, count) select lang, state, count(*) from subscriber group by lang, state`,
  `insert into reader_count (newsletter, lang, rhythm, reader_state, state, paused_until, count)
    select newsletter, lang, rhythm, ${readerStateOf(known)}, subscription.state, ${pauseOf(known)}, count(*) ${everyone}
    group by 1, 2, 3, 4, 5, 6`,
  earlierDays,
  ...triggers,
  // What silkpost doctor finds, with its time: the newest only.
  `create table examination (id integer primary key check (id = 1), at text not null, findings text not null)`,
];

/** What the desk shows without counting a million rows: readers by newsletter, language, rhythm and state, and day by day. */
export const readerCounts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};

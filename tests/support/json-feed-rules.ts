import {
  checkHtml,
  checkNewestFirst,
  checkUnique,
  hasUnfitCharacter,
  isLanguageTag,
  isMediaType,
  isRfc3339,
  isUnfitLine,
  isWebUrl,
  type Report,
} from './feed-rule-checks.ts';

type Fields = Readonly<Record<string, unknown>>;

const feedKeys =
  'version title home_page_url feed_url description user_comment next_url icon favicon authors language expired hubs items';
const itemKeys =
  'id url external_url title content_html content_text summary image banner_image date_published date_modified authors tags language attachments';
const urlKeys = ['home_page_url', 'feed_url', 'next_url', 'icon', 'favicon', 'url', 'external_url', 'image', 'avatar'];

/** JSON Feed 1.1. */
export function checkJsonFeed(json: string, report: Report): void {
  let feed: unknown;
  try {
    feed = JSON.parse(json);
  } catch (error) {
    report('the document', `isn’t JSON: ${String(error)}`);
    return;
  }
  if (!isFields(feed)) {
    report('the document', 'is no object');
    return;
  }
  if (feed['version'] !== 'https://jsonfeed.org/version/1.1') report('the document', 'isn’t version 1.1');
  checkFields(feed, 'the feed', feedKeys, ['title', 'home_page_url', 'feed_url', 'language'], report);
  for (const hub of listOf(feed['hubs'])) {
    if (!isFields(hub) || hub['type'] !== 'WebSub' || !isWebUrl(String(hub['url']))) report('hubs', 'holds no hub');
  }
  if (!Array.isArray(feed['items'])) {
    report('the feed', 'has no items');
    return;
  }
  if (Object.keys(feed).at(-1) !== 'items') report('the feed', 'goes on after its items');
  const items = listOf(feed['items']).filter(isFields);
  for (const [index, item] of items.entries()) checkItem(item, `item ${index + 1}`, report);
  checkUnique(
    items.map((item) => String(item['id'])),
    report,
  );
  checkNewestFirst(
    items.map((item) => String(item['date_published'])),
    report,
  );
}

function checkItem(item: Fields, place: string, report: Report): void {
  checkFields(item, place, itemKeys, ['id', 'title', 'content_html', 'date_published', 'date_modified'], report);
  for (const name of ['date_published', 'date_modified']) {
    if (!isRfc3339(String(item[name]))) report(place, `has no date in ${name}: ${item[name]}`);
  }
  for (const tag of listOf(item['tags'])) {
    if (typeof tag !== 'string' || tag.trim() === '') report(place, 'has an empty tag');
  }
  for (const attachment of listOf(item['attachments'])) {
    if (!isFields(attachment)) {
      report(place, 'has an attachment that is none');
      return;
    }
    const { url, mime_type: type, size_in_bytes: bytes = 1, duration_in_seconds: seconds = 1 } = attachment;
    if (!isWebUrl(String(url)) || !isMediaType(String(type)))
      report(place, 'has an attachment without address or type');
    if (!isPositive(bytes) || !isPositive(seconds)) report(place, 'has an attachment without size or duration');
  }
  checkHtml(String(item['content_html']), `${place}, content_html`, report);
}

function checkFields(fields: Fields, place: string, known: string, needed: readonly string[], report: Report): void {
  for (const name of needed) {
    if (typeof fields[name] !== 'string' || fields[name].trim() === '') report(place, `has no ${name}`);
  }
  for (const [name, value] of Object.entries(fields)) {
    if (!name.startsWith('_') && !known.split(' ').includes(name)) report(place, `has the key ${name}`);
    if (urlKeys.includes(name) && !isWebUrl(String(value))) report(place, `has no absolute URL in ${name}: ${value}`);
    const isUnfit = name === 'content_html' ? hasUnfitCharacter : isUnfitLine;
    if (typeof value === 'string' && isUnfit(value)) report(place, `can’t be shown in ${name}`);
  }
  if (fields['language'] !== undefined && !isLanguageTag(String(fields['language'])))
    report(place, 'has no language tag');
  for (const author of listOf(fields['authors'])) {
    if (!isFields(author) || String(author['name'] ?? author['url'] ?? '').trim() === '') {
      report(place, 'has an author without name and address');
    } else if (author['url'] !== undefined && !isWebUrl(String(author['url']))) {
      report(place, 'has an author with a bad address');
    }
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

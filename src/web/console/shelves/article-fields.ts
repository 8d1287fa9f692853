import type { Article } from '../../../content/index.ts';
import { directionOf } from '../../../i18n/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { instantText, isWebAddress, sectionText } from './article-words.ts';

/** An article's front matter as it was understood, with what follows from it; what isn't there is left out. */
export function articleFields(request: ConsoleRequest, article: Article): Html {
  const { site } = request;
  const own = (text: string): Html =>
    html`<bdi lang="${article.lang}" dir="${directionOf(article.lang)}">${text}</bdi>`;
  const plain = (text: string): Html => html`<bdi>${text}</bdi>`;
  const each = <Item>(items: readonly Item[], text: (item: Item) => Html): Html | null =>
    items.length === 0 ? null : html`<ul class="plain-list">${items.map((item) => html`<li>${text(item)}</li>`)}</ul>`;
  const { place, image, audio } = article;
  const fields: readonly (readonly [name: string, value: Html | null])[] = [
    ['file', html`<code dir="ltr">content/${article.path}</code>`],
    ['id', html`<code dir="ltr">${article.id}</code>`],
    ['title', own(article.title)],
    ['summary', own(article.summary)],
    ['status', plain(article.status)],
    ['date', instantText(request, article.date)],
    ['updated', article.updated === article.date ? null : instantText(request, article.updated)],
    ['lang', plain(article.lang)],
    ['slug', plain(article.slug)],
    ['translationOf', article.storySlug === article.slug ? null : plain(article.storySlug)],
    ['translation', article.translation === null ? null : plain(article.translation)],
    [
      'authors',
      each(article.authors, ({ key, name }) => html`${own(name)}${key === null ? nothing : html` (${key})`}`),
    ],
    ['countries', each(article.countries, (key) => sectionText(site, 'countries', key))],
    ['topics', each(article.topics, (key) => sectionText(site, 'topics', key))],
    ['place', place && html`${own(place.name)}${place.lat === undefined ? nothing : ` ${place.lat}, ${place.lon}`}`],
    ['priority', plain(article.priority)],
    [
      'image',
      image &&
        html`${webLink(image.url, plain(image.url))}${image.alt === '' ? html` <span class="bad">without alt text</span>` : html`<br>${own(image.alt)}`}`,
    ],
    ['audio', audio && html`${webLink(audio.url, plain(audio.url))} ${audio.type}`],
    ['link', article.link === null ? null : webLink(article.link, plain(article.link))],
    ['aliases', each(article.aliases, plain)],
    ['former addresses', each(article.formerAddresses, plain)],
    ['sources', each(article.sources, ({ title, url }) => (url === undefined ? own(title) : webLink(url, own(title))))],
    ['corrections', each(article.corrections, ({ date, text }) => html`${instantText(request, date)}: ${own(text)}`)],
    [
      'files beside it',
      each(article.attachments, ({ name, bytes }) => html`${plain(name)}, ${Math.ceil(bytes / 1000)} KB`),
    ],
    ['words', plain(article.words.toLocaleString('en'))],
  ];
  return html`<dl class="headers">${fields.map(([name, value]) => (value === null ? nothing : html`<dt>${name}</dt><dd>${value}</dd>`))}</dl>`;
}

function webLink(url: string, text: Html): Html {
  return isWebAddress(url) ? html`<a href="${url}">${text}</a>` : text;
}

import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';

const templates = fileURLToPath(new URL('../../templates', import.meta.url));

/** A publication that takes over another site's posts. */
const publication = `publication:
  title: { en: The Hill Courier, fa: پیک }
  url: https://courier.example
  formerUrls: [http://old.example]
  authority: courier.example,2026
  timezone: Asia/Tbilisi
  languages: [en, fa]
  publisher: { name: The Hill Courier, address: "1 Lane, Tbilisi" }
countries:
  armenia: { title: { en: Armenia, fa: ارمنستان } }
  georgia: { title: { en: Georgia, fa: گرجستان } }
topics:
  energy: { title: { en: Energy and power, fa: انرژی } }
authors:
  ana: { name: Ana Beridze }
mail:
  from: { name: The Hill Courier, address: digest@courier.example }
`;

const hugo = {
  '_index.md': '---\ntitle: The Hill Courier\n---\nWelcome.\n',
  'posts/_index.md': '---\ntitle: Posts\n---\n',
  'posts/bridge-opens.md': `---
title: "A bridge opens"
date: 2023-04-09T18:30:00+04:00
lastmod: 2023-04-10T09:00:00+04:00
draft: false
description: It had been closed for years.
author: Ana Beridze
tags: [Georgia, rivers, "Energy and power"]
categories: [posts]
aliases: [/old/bridge/, bridge-news]
url: /2023/04/bridge/
featured_image: bridge.jpg
guid: http://old.example/2023/04/bridge/
weight: 10
toc: true
menu: { main: { weight: 2 } }
---
The bridge is open.

{{< figure src="bridge.jpg" title="The bridge" >}}
`,
  'posts/dam/index.md': `---
title: The dam is full
date: 2023-04-08
summary: It rained.
type: post
---
The dam is full. ![The dam](dam.png)
<!--more-->
More of it.
`,
  'posts/dam/index.fa.md': '---\ntitle: سد پر شد\ndate: 2023-04-08\ndescription: باران آمد.\n---\nسد پر شد.\n',
  'posts/unfinished.md': '---\ntitle: Unfinished\ndate: 2023-04-08\ndraft: true\n---\nNot yet.\n',
  'posts/over.md': '---\ntitle: Over\ndate: 2023-04-01\nexpiryDate: 2023-04-02\nsummary: S\n---\nGone.\n',
  'posts/later.md': '---\ntitle: Later\ndate: 2023-04-01\npublishDate: 2099-01-01\ndescription: S\n---\nLater.\n',
  'posts/toml.md': '+++\ntitle = "In TOML"\ndate = 2023-04-09\n+++\nText.\n',
};

const jekyll = {
  '_posts/2019-05-01-rail-link.markdown': `---
layout: post
title:  "A rail link &amp; a road"
categories: news georgia
tags: [energy]
permalink: /2019/05/01/rail-link.html
redirect_from:
  - /rail
  - http://old.example/news/rail/
guid: http://old.example/2019/05/01/rail-link
last_modified_at: 2019-05-03 10:00:00 +0400
image: { path: assets/rail.jpg, alt: Rails }
---

The [rail link](https://example.com/) is *planned*. {% include map.html %}
{: .lead}

Second paragraph.
`,
  '_posts/2019-05-02-hidden.md': '---\nlayout: post\ntitle: Hidden\npublished: false\n---\nNo.\n',
  '_drafts/idea.md': '---\nlayout: post\ntitle: Idea\n---\nAn idea.\n',
  '_posts/2019-05-03-monitors.md': `---
layout: post
title: Monitors settle in
date: 2019-05-03 18:30:00 +0400
excerpt: "They came in two groups."
author: somebody-else
---
Text.
`,
};

const eleventy = {
  'blog/first.md': `---
title: First light
description: A power station starts.
date: 2022-01-05
tags: [posts, armenia]
layout: layouts/post.njk
permalink: /blog/first/
id: http://old.example/blog/first/
---
It runs, says {{ metadata.author.name }}.
`,
  'blog/2022-01-06-second.md': `---
title: Second thoughts
date: git Last Modified
tags: posts
eleventyNavigation: { key: second }
---
They thought again.
`,
  'blog/hidden.md': '---\ntitle: Hidden\ndate: 2022-01-07\neleventyExcludeFromCollections: true\n---\nNo.\n',
  'blog/unwritten.md': '---\ntitle: Unwritten\ndate: 2022-01-07\npermalink: false\ntags: posts\n---\nNo.\n',
  'blog/undated.md': '---\ntitle: Undated\ndate: Last Modified\ntags: posts\n---\nWhen?\n',
};

/** wordpress-export-to-markdown: a folder for each post. */
const wordpressMarkdown = {
  '2019-05-01-budget-passed/index.md': `---
title: "Budget passed"
date: "2019-05-01"
categories:
  - "armenia"
  - "uncategorized"
tags:
  - "money"
coverImage: "hall.jpg"
---

Parliament passed the budget.

<p>A paragraph of <b>HTML</b>.</p>
`,
  '2019-05-01-budget-passed/images/hall.jpg': 'not really a picture',
  '2019-06-02-flights-resume/index.md':
    '---\ntitle: "Flights resume"\ndate: "2019-06-02"\ncategories: []\n---\n\nPlanes fly.\n',
};

/** The WordPress plugin “Jekyll Exporter” and Jekyll's own importer. */
const wordpressJekyll = {
  '_posts/2018-03-04-court-decides.md': `---
id: 123
title: 'The court&#8217;s decision'
date: '2018-03-04T10:00:00+00:00'
author: admin
excerpt: '<p>Three judges, one voice.</p>'
layout: post
guid: 'http://old.example/?p=123'
permalink: /2018/03/04/court-decides/
categories:
  - Georgia
tags: []
---
The court decided.

[caption id="attachment_5"]A judge[/caption]
`,
  '_posts/2018-03-05-mines.markdown': `---
layout: post
status: publish
published: true
title: Mines close &ndash; caf&eacute;s open
author:
  display_name: Gio
  login: gio
  email: gio@old.example
author_login: gio
author_email: gio@old.example
wordpress_id: 124
wordpress_url: http://old.example/?post_type=post&#038;p=124
date: '2018-03-05 11:00:00 +0400'
date_gmt: '2018-03-05 07:00:00 +0000'
categories: []
tags: []
comments:
- id: 9
  author: A reader
  content: Well said.
---
<p>They close.</p>
`,
  'about/index.md':
    "---\nid: 2\ntitle: About\ndate: '2018-01-01T10:00:00+00:00'\nlayout: page\nguid: 'http://old.example/?page_id=2'\n---\nWe are here.\n",
  '_posts/2018-03-06-secret.md': "---\nid: 125\ntitle: Secret\ndate: '2018-03-06'\nstatus: private\n---\nNo.\n",
};

const sites = { hugo, jekyll, eleventy, wordpressMarkdown, wordpressJekyll } as const;

/** A folder with a publication whose `content/` holds the posts of another system; removed when the test ends. */
export async function foreignPublication(name: keyof typeof sites): Promise<string> {
  const folder = (await temporaryFolder()).path;
  await cp(templates, join(folder, 'templates'), { recursive: true });
  await writeFile(join(folder, 'silkpost.yaml'), publication);
  for (const [path, text] of Object.entries(sites[name])) {
    await mkdir(dirname(join(folder, 'content', path)), { recursive: true });
    await writeFile(join(folder, 'content', path), text);
  }
  return folder;
}

/** What the old systems served as their feeds, with the guids that their subscribers have. */
export const oldFeeds = {
  hugo: `<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Old</title><link>http://old.example/</link>
<item><title>The dam is full</title><link>http://old.example/posts/dam/</link><pubDate>Sat, 08 Apr 2023 00:00:00 +0000</pubDate><guid>http://old.example/posts/dam/</guid><description>It rained.</description></item>
<item><title>سد پر شد</title><link>http://old.example/fa/posts/dam/</link><pubDate>Sat, 08 Apr 2023 00:00:00 +0000</pubDate><guid>http://old.example/fa/posts/dam/</guid></item>
</channel></rss>`,
  jekyll: `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>http://old.example/feed.xml</id>
<entry><title type="html">Monitors settle in</title><link href="http://old.example/2019/05/03/monitors.html" rel="alternate" type="text/html" title="Monitors settle in" /><published>2019-05-03T18:30:00+04:00</published><updated>2019-05-03T18:30:00+04:00</updated><id>http://old.example/2019/05/03/monitors</id></entry>
</feed>`,
  wordpress: `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<item><title><![CDATA[Budget passed]]></title><link>http://old.example/2019/05/01/budget-passed/</link><pubDate>Wed, 01 May 2019 08:00:00 +0000</pubDate><guid isPermaLink="false">http://old.example/?p=7&amp;x=1</guid><wp:post_name><![CDATA[budget-passed]]></wp:post_name><wp:post_type><![CDATA[post]]></wp:post_type></item>
<item><title>hall</title><link>http://old.example/hall/</link><guid isPermaLink="false">http://old.example/wp-content/hall.jpg</guid><wp:post_name>budget-passed</wp:post_name><wp:post_type>attachment</wp:post_type></item>
<item><title>Flights resume</title><link>http://old.example/?p=9</link><pubDate>Sun, 02 Jun 2019 08:00:00 +0000</pubDate><guid isPermaLink="false">http://old.example/?p=9</guid></item>
</channel></rss>`,
} as const;

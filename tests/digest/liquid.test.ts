import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTemplates, renderTemplate } from '../../src/digest/liquid.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function render(template: string, context: object = {}): Promise<string> {
  return renderTemplate({
    files: { 'a.liquid': template, 'part.liquid': 'part' },
    name: 'a.liquid',
    context,
    filters: { shout: (value, { mark }) => `${String(value)}${String(mark ?? '!')}` },
    escape: true,
  });
}

describe('renderTemplate', () => {
  it('escapes what it is given, in text and in attributes', async () => {
    const out = await render('<p title="{{ v }}">{{ v }}</p>', { v: `"><script>'&` });
    expect(out).toBe('<p title="&#34;&gt;&lt;script&gt;&#39;&amp;">&#34;&gt;&lt;script&gt;&#39;&amp;</p>');
  });

  it('leaves template code in content as it is', async () => {
    expect(await render('{{ v }}', { v: '{{ constructor }} {% cut "x" %}' })).toBe(
      '{{ constructor }} {% cut &#34;x&#34; %}',
    );
  });

  it.each(['constructor', '__proto__', 'v.constructor', 'v.__proto__', 'v.toString', 'process', 'globalThis'])(
    'refuses {{ %s }}',
    async (name) => {
      await expect(render(`{{ ${name} }}`, { v: {} })).rejects.toThrow(/a\.liquid, line 1: undefined variable/);
    },
  );

  it('names the template and the line of a fault', async () => {
    await expect(render('one\ntwo {{ nothing }}')).rejects.toThrow('a.liquid, line 2: undefined variable: nothing.');
    await expect(render('one\n\n{% if %}')).rejects.toThrow(/^a\.liquid, line 3: /);
    await expect(render('{{ 1 | nofilter }}')).rejects.toThrow(/a\.liquid, line 1: undefined filter: nofilter/);
  });

  it('gives a filter its named arguments', async () => {
    expect(await render('{{ "hey" | shout: mark: "?" }}{{ "ho" | shout }}')).toBe('hey?ho!');
  });

  it('includes its sisters and nothing else', async () => {
    expect(await render('{% render "part.liquid" %}')).toBe('part');
    await expect(render('{% render "../../../etc/passwd" %}')).rejects.toThrow(/line 1/);
    await expect(render('{% include "/etc/passwd" %}')).rejects.toThrow(/line 1/);
  });

  it('refuses a mail_only that stays open', async () => {
    await expect(render('a\n{% mail_only %}b')).rejects.toThrow(/line 2: mail_only is not closed/);
  });

  it('ends a template that would never end', async () => {
    await expect(
      render('{% for i in (1..99999999) %}{% for j in (1..99999999) %}x{% endfor %}{% endfor %}'),
    ).rejects.toThrow(/limit/);
  });
});

describe('readTemplates', () => {
  it('reads the liquid files of a folder and no others', async () => {
    const { path } = await temporaryFolder();
    await writeFile(join(path, 'digest.mjml.liquid'), 'x');
    await writeFile(join(path, 'secret.env'), 'y');
    await mkdir(join(path, 'img'));
    expect(await readTemplates(path)).toEqual({ 'digest.mjml.liquid': 'x' });
  });

  it('says which folder is missing', async () => {
    const { path } = await temporaryFolder();
    await expect(readTemplates(join(path, 'none'))).rejects.toThrow(/none can't be read/);
  });
});

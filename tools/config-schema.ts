// Writes the JSON Schema that gives editors completion in silkpost.yaml: node tools/config-schema.ts
import { writeFile } from 'node:fs/promises';
import { publicationSchema } from '../src/config/index.ts';

const file = new URL('../docs/silkpost.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(publicationSchema(), null, 2)}\n`);

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from '../src/language/parse.ts';

const path = new URL('../../../../shared/conformance/promql/parser-cases.json', import.meta.url);

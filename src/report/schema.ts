/**
 * The JSON Schema (draft 2020-12) of a report, published as `lopsided/report.schema.json`. It grows
 * with `Report` in types.ts; a change that old readers cannot read raises `schemaVersion`.
 */

const SCORE = {
  description: 'Lopsidedness: 0 even … 1 as lopsided as can be; null = could not be judged.',
  anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, { type: 'null' }],
} as const;

const INTERVAL = {
  description: '95% interval of the score, by delete-a-group jackknife. Absent: the score is exact.',
  type: 'array',
  prefixItems: [
    { type: 'number', minimum: 0, maximum: 1 },
    { type: 'number', minimum: 0, maximum: 1 },
  ],
  minItems: 2,
  items: false,
} as const;

const FAMILY = { enum: ['clustering', 'leakage', 'mapping', 'spread', 'adversarial', 'form'] } as const;
const SEVERITY = { enum: ['info', 'warn', 'error'] } as const;
const COUNT = { type: 'integer', minimum: 0 } as const;
const FILE = { description: 'As it was named on the command line or matched by a glob.', type: 'string' } as const;
const LINE = { description: 'From 1, as editors count.', type: 'integer', minimum: 1 } as const;
const STRINGS = { type: 'array', items: { type: 'string' } } as const;

export const reportSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Lopsidedness report',
  description: 'What lopsided found in a fine-tuning data set. Same data, same report: byte for byte.',
  type: 'object',
  additionalProperties: false,
  required: ['schemaVersion', 'version', 'score', 'families', 'rules', 'findings', 'pictures', 'examples', 'skipped', 'parameters'],
  properties: {
    schemaVersion: { description: 'Of this schema.', const: 1 },
    version: { description: 'Of lopsided.', type: 'string' },
    score: { $ref: '#/$defs/score', description: 'Overall lopsidedness.' },
    interval: { $ref: '#/$defs/interval' },
    families: {
      description: 'The score of each family of rules: that of its worst rule. form gates and is never scored.',
      type: 'object',
      additionalProperties: false,
      required: FAMILY.enum,
      properties: Object.fromEntries(FAMILY.enum.map((family) => [family, { $ref: '#/$defs/score' }])),
    },
    rules: {
      description: 'Every rule by id, those that did not run too.',
      type: 'object',
      additionalProperties: { $ref: '#/$defs/rule' },
    },
    findings: { description: 'Worst first.', type: 'array', items: { $ref: '#/$defs/finding' } },
    pictures: {
      description: 'Small data to draw, by rule id.',
      type: 'object',
      additionalProperties: { $ref: '#/$defs/picture' },
    },
    examples: {
      description: 'How many examples were read, and how many pairs of prompt and reply the training examples hold.',
      type: 'object',
      additionalProperties: false,
      required: ['train', 'eval', 'reference', 'pairs'],
      properties: { train: COUNT, eval: COUNT, reference: COUNT, pairs: COUNT },
    },
    skipped: {
      description: 'Lines that are no example.',
      type: 'object',
      additionalProperties: false,
      required: ['count', 'first'],
      properties: { count: COUNT, first: { type: 'array', maxItems: 20, items: { $ref: '#/$defs/skip' } } },
    },
    parameters: { $ref: '#/$defs/parameters' },
  },
  $defs: {
    score: SCORE,
    interval: INTERVAL,
    rule: {
      type: 'object',
      additionalProperties: false,
      required: ['family', 'severity', 'scored', 'score'],
      properties: {
        family: FAMILY,
        severity: { description: 'The configured ceiling of its findings; off = it was not run.', enum: [...SEVERITY.enum, 'off'] },
        scored: { description: 'False for rules that never give a score.', type: 'boolean' },
        score: { $ref: '#/$defs/score' },
        interval: { $ref: '#/$defs/interval' },
        notJudged: { description: 'Why there is no score, or why the rule did not run.', type: 'string', minLength: 1 },
      },
      allOf: [
        {
          title: 'A scored rule without a score says why',
          if: { properties: { scored: { const: true }, score: { type: 'null' } } },
          // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
          then: { required: ['notJudged'], properties: { notJudged: { type: 'string' } } },
        },
        {
          title: 'A rule that was not run has no score',
          if: { properties: { severity: { const: 'off' } } },
          // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
          then: { required: ['notJudged'], properties: { notJudged: { type: 'string' }, score: { type: 'null' } } },
        },
      ],
    },
    finding: {
      type: 'object',
      additionalProperties: false,
      required: ['ruleId', 'family', 'severity', 'level', 'key', 'message', 'suggestion', 'evidence', 'data', 'fingerprint'],
      properties: {
        ruleId: { type: 'string', minLength: 1 },
        family: FAMILY,
        severity: {
          ...SEVERITY,
          description: 'What it is reported as: its level, held down to the ceiling and to what the sample size allows.',
        },
        level: { ...SEVERITY, description: 'What the rule makes of it, from its own bounds.' },
        key: { description: 'What it is about, without figures; unique within the rule.', type: 'string', minLength: 1 },
        message: { description: 'What was measured and what was expected: one sentence, no final period.', type: 'string', minLength: 1 },
        suggestion: { description: 'What to do next.', type: 'string' },
        evidence: { type: 'array', items: { $ref: '#/$defs/evidence' } },
        data: {
          description: 'The numbers behind the message.',
          type: 'object',
          additionalProperties: { anyOf: [{ type: 'number' }, { type: 'string' }] },
        },
        fingerprint: { description: 'The same for the same problem, however lines move.', type: 'string', pattern: '^[0-9a-f]{14}$' },
      },
    },
    evidence: {
      type: 'object',
      additionalProperties: false,
      required: ['file', 'line', 'excerpt'],
      properties: {
        file: FILE,
        line: LINE,
        excerpt: { description: 'The part of the text that matters, as it stands in the data; secrets are redacted.', type: 'string' },
      },
    },
    picture: {
      oneOf: [
        {
          type: 'object',
          additionalProperties: false,
          required: ['kind', 'title', 'unit', 'bars'],
          properties: {
            kind: { const: 'histogram' },
            title: { type: 'string' },
            unit: { type: 'string' },
            bars: {
              type: 'array',
              items: {
                type: 'object',
                additionalProperties: false,
                required: ['label', 'count'],
                properties: { label: { type: 'string' }, count: { type: 'number', minimum: 0 } },
              },
            },
          },
        },
        {
          type: 'object',
          additionalProperties: false,
          required: ['kind', 'title', 'columns', 'rows'],
          properties: {
            kind: { const: 'table' },
            title: { type: 'string' },
            columns: STRINGS,
            rows: { type: 'array', items: { type: 'array', items: { anyOf: [{ type: 'number' }, { type: 'string' }] } } },
          },
        },
      ],
    },
    skip: {
      type: 'object',
      additionalProperties: false,
      required: ['at', 'kind', 'reason'],
      properties: {
        at: { type: 'object', additionalProperties: false, required: ['file', 'line'], properties: { file: FILE, line: LINE } },
        column: { description: 'From 1, in characters.', type: 'integer', minimum: 1 },
        kind: { enum: ['not-json', 'not-object', 'not-record', 'unknown-shape', 'bad-shape', 'too-long', 'bad-utf8'] },
        reason: { type: 'string', minLength: 1 },
        expected: { description: 'What belongs there instead.', type: 'string' },
        advice: { description: 'What mends it: an order that ends where "this line" can follow.', type: 'string' },
        excerpt: { description: 'The first characters of the line.', type: 'string' },
        keys: { ...STRINGS, description: 'The fields of a line of unknown shape.' },
      },
    },
    parameters: {
      description: 'What the report depends on besides the data.',
      type: 'object',
      additionalProperties: false,
      required: ['rules', 'panel', 'formats'],
      properties: {
        rules: { description: 'The options of every rule that ran.', type: 'object', additionalProperties: { type: 'object' } },
        panel: {
          description: 'The fair sample: its greatest size, how many distinct examples it holds, and whether these are all.',
          type: 'object',
          additionalProperties: false,
          required: ['size', 'examples', 'whole'],
          properties: { size: COUNT, examples: COUNT, whole: { type: 'boolean' } },
        },
        formats: { description: 'Data format to number of training examples.', type: 'object', additionalProperties: COUNT },
        prompt: { ...STRINGS, description: 'The fields that were named as the prompt.' },
        reply: { description: 'The field that was named as the reply.', type: 'string' },
        provider: { ...STRINGS, description: 'The services and trainers that the data was checked for.' },
        tokenizer: { description: 'What counted tokens exactly. Absent: they were estimated.', type: 'string' },
        partial: { description: 'The run was stopped before all was read.', const: true },
      },
    },
  },
} as const;

import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { type CountTokens, estimateTokens, loadTokenizer, TOKENIZERS, tokenCounter } from '../../src/features/tokens.ts';
import { tokensOfRow } from '../../src/providers/row-length.ts';

/** Written for this test, after the estimate was fitted. */
const TEXTS: Record<string, string> = {
  story: `Nobody in the village remembered who had first planted the walnut tree behind the mill. It leaned a little towards the river, as if it were listening, and in dry summers its roots drank so much that the millpond fell by a hand's breadth. When the new owners wanted it felled, old Mrs. Tallis walked over with a kitchen chair, set it down against the trunk and opened her newspaper. She sat there for nine days. On the tenth the surveyor came back with another drawing, in which the road made a small, polite curve.`,
  instruction: `You are an assistant for a regional bus company. Read the complaint below and reply in a friendly tone. Apologise once, name the line and the stop, and offer a refund only if the delay was longer than thirty minutes. Do not mention internal systems. Complaint: "The 14 to Harrow Road never turned up at 8:05 and I missed my appointment at the clinic. This is the third time since Easter!"`,
  review: `ok so i bought this kettle 2 wks ago n it already leaks smh. the lid doesnt close properly unless u push rly hard. customer service said send pics, i did, no answer since monday. would NOT recommend, get the other brand for like 5 bucks more`,
  german: `Als der Zug endlich anfuhr, war das Abteil fast leer. Ein älterer Herr faltete seine Zeitung zusammen und fragte, ob das Fenster geöffnet werden dürfe. Draußen zogen Obstwiesen vorbei, dahinter die Türme der Zementfabrik. Die Gemeinde hatte beschlossen, das Gewerbegebiet zu erweitern, obwohl die Bürgerinitiative fast tausend Unterschriften gesammelt hatte. Formulieren Sie bitte eine höfliche Absage auf die folgende Bewerbung, ohne Gründe zu nennen, und wünschen Sie der Bewerberin alles Gute für den weiteren Berufsweg.`,
  chinese: `今年春天来得特别早，院子里的桃花三月初就开了。奶奶搬了一把椅子坐在树下择菜，一边和邻居说话。她说年轻的时候，村里只有一口井，每天早上大家都要排队打水。请把下面这段话改写成正式的通知，字数不要超过一百字。本周六上午小区停水检修，预计下午四点恢复供水，请各位住户提前做好准备。如有问题可以联系物业办公室。`,
  typescript: `export class RateLimiter {\n  private readonly hits = new Map<string, number[]>();\n\n  constructor(\n    private readonly limit: number,\n    private readonly windowMs: number,\n  ) {}\n\n  /** Returns true while the caller may go on. */\n  allow(key: string, now = Date.now()): boolean {\n    const recent = (this.hits.get(key) ?? []).filter((time) => now - time < this.windowMs);\n    if (recent.length >= this.limit) return false;\n    recent.push(now);\n    this.hits.set(key, recent);\n    return true;\n  }\n}\n`,
  python: `import csv\nfrom pathlib import Path\n\n\ndef load_readings(path: Path) -> list[dict]:\n    with path.open(newline="", encoding="utf-8") as handle:\n        reader = csv.DictReader(handle)\n        rows = []\n        for row in reader:\n            try:\n                row["celsius"] = round((float(row["fahrenheit"]) - 32) * 5 / 9, 2)\n            except (KeyError, ValueError):\n                continue\n            rows.append(row)\n    return rows\n`,
  json: `{"ticket": 48121, "priority": "high", "tags": ["billing", "refund"], "customer": {"id": "c-9912", "country": "SE", "since": "2019-06-02"}, "messages": [{"from": "customer", "text": "I was charged twice."}, {"from": "agent", "text": "I am looking into it."}], "closed": null}`,
  maths: `A train leaves at 9:40 and arrives at 12:25. How long does it take? From 9:40 to 12:00 is 2 hours and 20 minutes, and 25 minutes more make 2 hours and 45 minutes, or 165 minutes. At 80 km/h it covers 80 * 165 / 60 = 220 km. #### 220`,
};

describe('the estimate', () => {
  let exact: CountTokens;
  beforeAll(async () => {
    await loadTokenizer('gpt-tokenizer');
    exact = tokenCounter('gpt-tokenizer');
  });
  const off = (text: string): number => estimateTokens(text) / exact(text) - 1;

  it.each(Object.entries(TEXTS))('is within 15% on %s', (_, text) => expect(Math.abs(off(text))).toBeLessThanOrEqual(0.15));

  it('is within 10% in total on English, code, Chinese and German', () => {
    const all = Object.values(TEXTS);
    const total = (count: CountTokens) => all.reduce((sum, text) => sum + count(text), 0);
    expect(Math.abs(total(estimateTokens) / total(exact) - 1)).toBeLessThanOrEqual(0.1);
    for (const name of ['german', 'chinese']) expect(Math.abs(off(TEXTS[name]!)), name).toBeLessThanOrEqual(0.1);
  });

  it('is a whole number, 0 of nothing, at least 1 of something', () => {
    expect(estimateTokens('')).toBe(0);
    for (const text of [' ', 'a', '\n', '\ud800', '\u0000', '😀', '१२३', 'ضوء']) {
      expect(Number.isInteger(estimateTokens(text))).toBe(true);
      expect(estimateTokens(text)).toBeGreaterThanOrEqual(1);
    }
  });

  it('is linear', () => {
    for (const unit of ['a', ' ', '漢', 'aA', '1', '!', '\n', 'é', '😀']) {
      const [once, tenfold] = [estimateTokens(unit.repeat(1e5)), estimateTokens(unit.repeat(1e6))];
      expect(tenfold).toBeGreaterThan(once * 9.9);
      expect(tenfold).toBeLessThan(once * 10.1);
    }
  });
});

describe('the exact count', () => {
  // The counts that OpenAI's cookbook prints (https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken).
  it.each([
    ['gpt-tokenizer', 'antidisestablishmentarianism', 6],
    ['gpt-tokenizer/o200k_base', '2 + 2 = 4', 7],
    ['gpt-tokenizer/o200k_base', 'お誕生日おめでとう', 8],
    ['gpt-tokenizer/cl100k_base', 'tiktoken is great!', 6],
    ['gpt-tokenizer/cl100k_base', 'お誕生日おめでとう', 9],
  ])('%s of %s', async (name, text, tokens) => {
    await loadTokenizer(name);
    expect(tokenCounter(name)(text)).toBe(tokens);
  });

  it('takes special tokens for text, and long runs without blanks in slices', async () => {
    await loadTokenizer('gpt-tokenizer');
    const count = tokenCounter('gpt-tokenizer');
    expect(count('<|endoftext|>')).toBeGreaterThan(1);
    expect(count('漢字'.repeat(50_000))).toBeGreaterThan(50_000);
    expect(count('😀'.repeat(5000))).toBeGreaterThan(4999);
    const words = 'the ferry was late again and we walked '.repeat(500);
    expect(count(words)).toBe(count(words.slice(0, words.length / 500)) * 500 - 499 * (count('walked ') - count('walked')));
  });

  it('knows its names', async () => {
    expect(TOKENIZERS).toContain('gpt-tokenizer');
    await expect(loadTokenizer('gpt-tokeniser')).rejects.toThrow(UserError);
    await expect(loadTokenizer('gpt-tokeniser')).rejects.toThrow(/did you mean "gpt-tokenizer"\?/);
    expect(() => tokenCounter('tiktoken')).toThrow(/expected one that was loaded/);
  });
});

describe('the tokens of a row', () => {
  const words: CountTokens = (text) => text.split(/\s+/).filter(Boolean).length;
  it.each<[row: object, tokens: number]>([
    [{ text: 'one two three' }, 3],
    [{ prompt: 'one two', completion: 'three' }, 3 + 8],
    [
      {
        messages: [
          { role: 'user', content: 'one two' },
          { role: 'assistant', content: 'three' },
        ],
      },
      3 + 8,
    ],
    [{ messages: [{ role: 'user', content: [{ type: 'text', text: 'one' }, { type: 'image_url' }] }] }, 1 + 4],
    [{ conversations: [{ from: 'human', value: 'one' }], system: 'two' }, 2 + 8],
    [{ contents: [{ role: 'user', parts: [{ text: 'one' }] }], systemInstruction: { parts: [{ text: 'two three' }] } }, 3 + 8],
    [{ instruction: 'one', input: '', output: 'two', id: 'nothing counts here' }, 2 + 8],
    [{ prompt: 'one', chosen: 'two three', rejected: 'four' }, 3 + 8],
    [
      {
        input: { messages: [{ role: 'user', content: 'one' }] },
        preferred_output: [{ role: 'assistant', content: 'two' }],
        non_preferred_output: [{ role: 'assistant', content: 'three four' }],
      },
      3 + 8,
    ],
    [{ contents: [{ role: 'user', parts: [{ text: 'one' }] }], completions: [{ completion: { parts: [{ text: 'two' }] } }] }, 2 + 8],
    [{ messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: '{"a": 1}' } }] }] }, 4 + 1 + 4 + 2],
    [{ messages: 7, prompt: null, text: 'one' }, 1],
    [{}, 0],
  ])('%j', (row, tokens) => expect(tokensOfRow(row as Record<string, unknown>, words)).toBe(tokens));
});

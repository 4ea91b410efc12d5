// Writes chat rows for the benchmark: English-like text by a seeded Markov-ish mix over a Zipf vocabulary,
// log-normal lengths, about a tenth exact duplicates, three in a hundred rows with text beyond ASCII.
// usage: node bench/generate.js FILE ROWS
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** mulberry32 */
function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SYLLABLES = 'ka ter mi lo ran de pos ing al ver con sti me nu ra tion ble or san fe li du per gor ent is wa mol ex cha'.split(' ');
const COMMON =
  'the of and to a in is that it was for on are with as be at one have this from by not but what all were when we there can an your which their said if do'.split(
    ' ',
  );
const SYSTEMS = [
  'You are a helpful assistant.',
  'Answer briefly and name your sources.',
  'You write support replies for a small hardware shop.',
];

export function generate(file, rows, seed = 7) {
  const r = random(seed);
  const vocabulary = [...COMMON];
  while (vocabulary.length < 12_000) {
    let word = '';
    for (let n = 1 + Math.floor(r() * 4); n > 0; n--) word += SYLLABLES[Math.floor(r() * SYLLABLES.length)];
    vocabulary.push(word);
  }
  const word = () => vocabulary[Math.floor(vocabulary.length ** (r() ** 1.3)) % vocabulary.length];
  const normal = () => Math.sqrt(-2 * Math.log(1 - r())) * Math.cos(2 * Math.PI * r());
  const sentence = () => {
    let text = word();
    for (let n = 4 + Math.floor(r() * 16); n > 0; n--) text += (r() < 0.07 ? ', ' : ' ') + word();
    return text[0].toUpperCase() + text.slice(1) + (r() < 0.15 ? '?' : '.');
  };
  const text = (words) => {
    let out = '';
    for (let left = words; left > 0; left -= 12) out += (out === '' ? '' : r() < 0.1 ? '\n\n' : ' ') + sentence();
    return r() < 0.03 ? `${out} – naïve café, “déjà vu”` : out;
  };
  const row = () => {
    const messages = r() < 0.6 ? [{ role: 'system', content: SYSTEMS[Math.floor(r() * 3)] }] : [];
    for (let turns = r() < 0.8 ? 1 : 2 + Math.floor(r() * 3); turns > 0; turns--) {
      messages.push({ role: 'user', content: text(Math.exp(3 + normal() * 0.9)) });
      messages.push({ role: 'assistant', content: text(Math.exp(4 + normal() * 0.8)) });
    }
    return JSON.stringify({ messages });
  };
  mkdirSync(dirname(file), { recursive: true });
  const out = openSync(file, 'w');
  const recent = [];
  let pending = [];
  for (let i = 0; i < rows; i++) {
    const line = r() < 0.1 && recent.length > 100 ? recent[Math.floor(r() * recent.length)] : row();
    if (recent.length < 5000) recent.push(line);
    else recent[i % 5000] = line;
    pending.push(line);
    if (pending.length === 500 || i === rows - 1) {
      writeSync(out, `${pending.join('\n')}\n`);
      pending = [];
    }
  }
  closeSync(out);
}

if (process.argv[1]?.endsWith('generate.js')) generate(process.argv[2], Number(process.argv[3]));

// The root of `natural` reads .env files, prints to stdout and loads three database drivers; its leaf
// modules do none of that. The build bundles them into this one file, so users install nothing of it.
import { JaroWinklerDistance } from 'natural/lib/natural/distance/index.js';

/** Jaro–Winkler similarity of two short strings, 0–1; for "did you mean", not for texts. Winkler 1990, https://files.eric.ed.gov/fulltext/ED325505.pdf */
export function jaroWinkler(a: string, b: string): number {
  return JaroWinklerDistance(a, b, { ignoreCase: true });
}

/** The known name that is most like `given`, or undefined where none is like it. Ties go to the first. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let likeness = 0.8; // below this, suggestions are guesses
  for (const name of known) {
    const like = jaroWinkler(given, name);
    if (like > likeness) {
      best = name;
      likeness = like;
    }
  }
  return best;
}

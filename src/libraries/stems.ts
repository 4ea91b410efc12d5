// A leaf module of `natural`, whose root reads .env files and loads database drivers; the build bundles the leaf into this one file.
import porter from 'natural/lib/natural/stemmers/porter_stemmer.js';

/** The Porter stem of one English word, lower-case. M. F. Porter 1980, https://doi.org/10.1108/eb046814. About 2 µs: stem a vocabulary, not a text. */
export const porterStem = (word: string): string => porter.stem(word);

// English grammar: parts of speech, names, dates. Large (350 kB, some 150 ms to load), so it is imported only by
// `loadLibraries`, for rules that say in `meta.needs` that they want it. The build bundles it into this one file; its own
// types are not named here, because who installs lopsided does not install it.
import library from 'compromise/three';

/** One word as compromise reads it. A contraction is several: "isn't" is the text "isn't" with `implicit` "is", and an empty text with `implicit` "not". */
export interface GrammarTerm {
  /** As written, without the marks around it; empty for the second part of a contraction. */
  readonly text: string;
  /** Lower-case, without marks. */
  readonly normal: string;
  readonly implicit?: string;
  /** Marks and blanks before and after it. */
  readonly pre: string;
  readonly post: string;
  /** "Noun", "PastTense", "Person" …: https://observablehq.com/@spencermountain/compromise-tags. */
  readonly tags: ReadonlySet<string>;
}

/** The terms of a text, by what compromise takes for its sentences. Quadratic on runs of marks: give it 1,000 characters at most. */
export const grammarTerms = (text: string): readonly (readonly GrammarTerm[])[] =>
  (library(text) as unknown as { readonly docs: readonly (readonly GrammarTerm[])[] }).docs;

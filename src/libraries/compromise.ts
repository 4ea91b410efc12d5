// English grammar: sentences, parts of speech, names. Large (350 kB, some 150 ms to load), so it is imported only by
// `loadLibraries`, for rules that say in `meta.needs` that they want it. The build bundles it into this one file.
import nlp from 'compromise/three';

export { nlp };

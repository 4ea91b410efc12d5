/**
 * Colours as ANSI codes, by hand: reporters also run in browsers, where `node:util` is missing.
 *
 * Only the terminal's own palette, so that its theme decides what red looks like, and no bright or
 * grey colours: they vanish in some light or dark themes. `dim` fades whatever the text colour is.
 */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const code = (open: number, close: number) => (text: string) => (text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`);
const plain = (text: string) => text;

const COLOURED: Paint = { bold: code(1, 22), dim: code(2, 22), red: code(31, 39), yellow: code(33, 39), cyan: code(36, 39) };
const PLAIN: Paint = { bold: plain, dim: plain, red: plain, yellow: plain, cyan: plain };

export function paint(color: boolean): Paint {
  return color ? COLOURED : PLAIN;
}

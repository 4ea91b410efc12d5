/** Where the records of a table (RFC 4180) begin and end, in bytes. */

export const NEWLINE = 10;
const RETURN = 13;
export const QUOTE = 34;

/**
 * What a scan came to: a whole record; the end of the bytes inside of one; the end of the file inside a quoted
 * cell; text after the closing quote of a cell, at `fault`.
 */
export type ScanResult = 'whole' | 'more' | 'unclosed' | 'undoubled';

/**
 * Finds the end of one record after the other. As in Python and Excel a quote opens a cell only where the cell begins, and is a
 * character like any other further on. Each byte is looked at once, however the bytes arrive: the scan goes on where it stopped.
 */
export class RecordScan {
  readonly delimiter: number;
  start = 0;
  /** Where the record ends, its line break not counted. Of a whole record only, as are `next`, `quoted` and `loose`. */
  end = 0;
  /** Where the next one begins. */
  next = 0;
  /** Whether there is a quote in it. */
  quoted = false;
  /** Whether a quote stands inside of a cell that is not quoted. */
  loose = false;
  /** Where text goes on after a closing quote. */
  fault = 0;
  /** The quote that opened the last quoted cell. */
  opening = 0;
  /** How far it has come. */
  at = 0;
  private inside = false;
  private fresh = true; // at the beginning of a cell
  private newline = -1; // the next one, once found: a line full of quotes must not be searched for its end at each of them
  private newlineFrom = 0; // up to here there is none
  private quote = -1;
  private quoteFrom = 0;

  constructor(delimiter: string) {
    this.delimiter = delimiter.charCodeAt(0);
  }

  /** Turns to the record that begins at `start`. What is known of the bytes ahead stays known, unless it goes back. */
  begin(start: number): void {
    if (start < this.at) {
      this.newline = -1;
      this.newlineFrom = start;
      this.quote = -1;
      this.quoteFrom = start;
    }
    this.start = start;
    this.at = start;
    this.inside = false;
    this.fresh = true;
    this.quoted = false;
    this.loose = false;
  }

  /** The bytes before `start` are gone: the record now begins at 0. */
  rebase(): void {
    const by = this.start;
    this.start = 0;
    this.at -= by;
    this.opening -= by;
    this.newline = Math.max(-1, this.newline - by);
    this.newlineFrom = Math.max(0, this.newlineFrom - by);
    this.quote = Math.max(-1, this.quote - by);
    this.quoteFrom = Math.max(0, this.quoteFrom - by);
  }

  /** @param last whether no bytes follow */
  scan(bytes: Uint8Array, last: boolean): ScanResult {
    const size = bytes.length;
    for (;;) {
      if (this.fresh) {
        if (this.at < size && bytes[this.at] === QUOTE) this.open(this.at);
        else if (this.at < size || last) this.fresh = false;
        else return 'more';
      }
      if (this.inside) {
        const result = this.close(bytes, last);
        if (result) return result;
        continue;
      }
      const newline = this.nextNewline(bytes);
      const quote = this.nextQuote(bytes);
      if (quote >= 0 && (newline < 0 || quote < newline)) {
        if (quote > this.start && bytes[quote - 1] === this.delimiter) this.open(quote);
        else {
          this.quoted = true;
          this.loose = true;
          this.at = quote + 1;
        }
        continue;
      }
      this.at = newline < 0 ? size : newline;
      if (newline < 0 && !last) return 'more';
      return this.ended(newline > this.start && bytes[newline - 1] === RETURN ? newline - 1 : this.at, newline < 0 ? size : newline + 1);
    }
  }

  private open(quote: number): void {
    this.opening = quote;
    this.at = quote + 1;
    this.inside = true;
    this.fresh = false;
    this.quoted = true;
  }

  /** Goes on inside a quoted cell to the end of it. */
  private close(bytes: Uint8Array, last: boolean): ScanResult | undefined {
    const size = bytes.length;
    for (;;) {
      const quote = this.nextQuote(bytes);
      this.at = quote < 0 ? size : quote;
      if (quote < 0) return last ? 'unclosed' : 'more';
      if (quote + 1 === size) return last ? this.ended(size, size) : 'more';
      const follows = bytes[quote + 1];
      if (follows === QUOTE) {
        this.at = quote + 2;
        continue;
      }
      if (follows === this.delimiter) {
        this.at = quote + 2;
        this.inside = false;
        this.fresh = true;
        return undefined;
      }
      if (follows === NEWLINE) return this.ended(quote + 1, quote + 2);
      if (follows === RETURN) {
        if (quote + 2 === size) return last ? this.ended(quote + 1, size) : 'more';
        if (bytes[quote + 2] === NEWLINE) return this.ended(quote + 1, quote + 3);
      }
      this.fault = quote;
      return 'undoubled';
    }
  }

  private ended(end: number, next: number): 'whole' {
    this.end = end;
    this.next = next;
    return 'whole';
  }

  private nextNewline(bytes: Uint8Array): number {
    if (this.newline < this.at) {
      this.newline = bytes.indexOf(NEWLINE, Math.max(this.at, this.newlineFrom));
      if (this.newline < 0) this.newlineFrom = bytes.length;
    }
    return this.newline;
  }

  private nextQuote(bytes: Uint8Array): number {
    if (this.quote < this.at) {
      this.quote = bytes.indexOf(QUOTE, Math.max(this.at, this.quoteFrom));
      if (this.quote < 0) this.quoteFrom = bytes.length;
    }
    return this.quote;
  }
}

/** How many cells a whole record has. */
export function cellsIn(record: Uint8Array, delimiter: number): number {
  let cells = 1;
  for (let at = 0; ; cells++) {
    if (record[at] === QUOTE) {
      at = record.indexOf(QUOTE, at + 1);
      while (record[at + 1] === QUOTE && at >= 0) at = record.indexOf(QUOTE, at + 2);
      if (at < 0) return cells;
    }
    const next = record.indexOf(delimiter, at);
    if (next < 0) return cells;
    at = next + 1;
  }
}

/** How many line breaks stand between two places. */
export function newlinesIn(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0 && at < to; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

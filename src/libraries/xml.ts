import { SaxesParser } from 'saxes';

/** Where a text stops being well-formed XML. */
export interface XmlError {
  /** Index in UTF-16 code units. */
  readonly at: number;
  /** As the parser says it: lower-case, no period at the end; what it names of the text comes after a colon. */
  readonly message: string;
}

/**
 * The first place where a text is not well-formed XML, or undefined. With `fragment`, several elements and text
 * beside them are well-formed too. Entities of a document's own are not expanded, and nothing is fetched. Linear, no recursion.
 */
export function xmlError(text: string, fragment: boolean): XmlError | undefined {
  const parser = fragment ? new SaxesParser({ fragment: true }) : new SaxesParser();
  let first: XmlError | undefined;
  parser.on('error', (error) => {
    first = { at: parser.position, message: error.message.replace(/^\d{1,9}:\d{1,9}: /, '').replace(/\.$/, '') };
    throw error; // the parser would go on, and a hostile text has an error at each character
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (!first) throw error;
  }
  return first;
}

import { parseAllDocuments } from 'yaml';

/** Where a text stops being YAML. */
export interface YamlError {
  /** Index in UTF-16 code units. */
  readonly at: number;
  /** A code such as BAD_INDENT: https://eemeli.org/yaml/#errors. */
  readonly code: string;
}

/** The first place where a text (one document or several) is not YAML 1.2, or undefined. Aliases are not resolved, so that they cannot multiply. */
export function yamlError(text: string): YamlError | undefined {
  const parsed = parseAllDocuments(text, { logLevel: 'silent', prettyErrors: false });
  if (!Array.isArray(parsed)) return undefined;
  for (const { errors } of parsed) for (const { pos, code } of errors) return { at: pos[0], code };
  return undefined;
}

/** Words that more than one reader says of what it cannot read. */

export const NOT_UTF8 = 'bytes that are not UTF-8 (was the file saved in another encoding?)';

/** What mends the cells of a record that are too few or too many: see `Skip.advice`. */
export const CELLS_ADVICE = 'Write one cell for each column, with quotes around those that hold the delimiter, in';

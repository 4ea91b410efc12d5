/** Words that more than one reader says of what it cannot read. */

export const NOT_UTF8 = 'bytes that are not UTF-8 (was the file saved in another encoding?)';

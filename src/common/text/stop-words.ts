const set = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** Lucene's 33 English stop words, question words, pronouns and auxiliaries. */
export const STOP_WORDS = set(`a an and are as at be but by for if in into is it no not of on or such that the their then there these
they this to was will with who whom whose what which when where why how did do does done has have had were been being he she his her
hers him its from also than so about am i you your we our us me my them those would could should can may might`);

/** Words that make no name by themselves: stop words, ordinals, months, days and nationalities. */
export const COMMON_WORDS: ReadonlySet<string> = new Set([
  ...STOP_WORDS,
  ...set(`first second third one two three new january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday american british french german english italian indian`),
]);

/** Lower-case words that may stand inside a name: "Bank of the West", "Otto von Bismarck". */
export const NAME_CONNECTORS = set(`of the de la le du des von van der den di da del della and for in on al el bin ibn y e et to at a`);

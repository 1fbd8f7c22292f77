/** What rules can tell apart. */
export type EntityType = 'person' | 'organisation' | 'place' | 'work' | 'date' | 'other';

const DATE = /^(?:(?:\d{1,2} )?(?:january|february|march|april|may|june|july|august|september|october|november|december)(?: \d{1,2})?(?: \d{3,4})?|\d{3,4}s?)$/;

/** Words in or around a name that give its type away; the first type that fits is taken. */
const IN_NAME: readonly (readonly [EntityType, RegExp])[] = [
  [
    'organisation',
    /\b(?:university|college|school|institute|academy|inc|ltd|llc|corporation|company|party|committee|commission|council|church|army|navy|ministry|department|agency|association|federation|league|union|bank|museum|orchestra|records|studios|club|fc|society|foundation|parliament|senate|government|group)\b/,
  ],
  ['place', /\b(?:river|lake|mount|mountains?|island|islands|county|street|road|city|town|village|bay|valley|province|district|republic|kingdom|sea|ocean|airport|station|park|states|abbey|cathedral|castle)\b/],
  ['person', /^(?:mr|mrs|ms|miss|dr|sir|lady|lord|king|queen|prince|princess|pope|saint|st|president|bishop|captain|colonel|general|professor|emperor|empress|duke|count)\b|\b(?:jr|sr)$|^\S+ (?:ii|iii|iv)$/],
];

const IN_DEFINITION: readonly (readonly [EntityType, RegExp])[] = [
  ['work', /\b(?:film|movie|album|song|single|novel|book|series|magazine|newspaper|journal|opera|play|poem|painting|sitcom|documentary|video game|soundtrack|episode)\b/],
  ['organisation', /\b(?:company|organi[sz]ation|university|college|school|party|band|club|team|agency|institute|church|label|network|group|airline|committee)\b/],
  ['place', /\b(?:city|town|village|river|country|county|district|island|mountain|province|municipality|region|commune|capital|state|lake|station|suburb|neighbou?rhood|census)\b/],
  [
    'person',
    /\b(?:born|died|actor|actress|singer|politician|queen|king|footballer|player|writer|author|director|composer|musician|painter|poet|bishop|emperor|prince|princess|duke|count|lawyer|journalist|officer|general|scientist|professor|producer|screenwriter|businessman|bishop|monk|saint|son|daughter|wife|husband|man|woman)\b/,
  ],
];

/** The type of a name by its own words. */
export function typeOfName(norm: string): EntityType {
  if (DATE.test(norm)) return 'date';
  return IN_NAME.find(([, pattern]) => pattern.test(norm))?.[0] ?? 'other';
}

/**
 * The type of what a passage is about: by what stands in its title's parentheses, by its first sentence behind "is a" or "was the",
 * by its name.
 */
export function typeOfTitle(title: string, norm: string, firstSentence: string): EntityType {
  const hint = byDefinition(/\(([^)]*)\)/u.exec(title)?.[1]?.toLowerCase() ?? '');
  return hint ?? typeOfSentence(firstSentence) ?? typeOfName(norm);
}

function typeOfSentence(sentence: string): EntityType | undefined {
  const definition = /\b(?:is|was|are|were)\b(?: \S+){0,2}? (?:an?|the|one of)\b([^.;]{0,120})/i.exec(sentence)?.[1];
  if (definition !== undefined) return firstFit(definition.toLowerCase());
  return /\b(?:born|died)\b/.test(sentence) ? 'person' : undefined;
}

function byDefinition(text: string): EntityType | undefined {
  return IN_DEFINITION.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Of several words that tell a type the first one counts: "a film director" is told by its last word before a preposition. */
function firstFit(definition: string): EntityType | undefined {
  const head = definition.split(/,|\b(?:of|in|by|from|for|who|which|that|with|and|at|on)\b/)[0] ?? '';
  const last = head.trim().split(' ').at(-1) ?? '';
  return byDefinition(last) ?? byDefinition(head) ?? byDefinition(definition);
}

/**
 * The constants of the chain. They lie on a plateau: single changes move the mean recall of four public sets by a few tenths of a
 * point. They are not settings, so that figures stay comparable; a caller in code may give others.
 */
export interface RetrievalConfig {
  /** Passages taken from the text index where it has to rank them, and those found by words whose vectors are compared. */
  readonly lexicalTop: number;
  /**
   * The rarest words of the question are searched, as many as have this many passages in all, two at least. What the text index does for
   * a question is then bounded; the words left out still count in the scores of what was found.
   */
  readonly lexicalPostings: number;
  /**
   * Weight of BM25F against the text index's own score of the passages it found, 0 to 1. The index's fixed length normalisation suits
   * short passages, BM25F's suits long ones, and the two together are steadier than either.
   */
  readonly rescoreWeight: number;
  /** BM25F: saturation, length normalisation, weight of the title, weight of pairs of words in a row. */
  readonly bm25K1: number;
  readonly bm25B: number;
  readonly titleWeight: number;
  readonly pairWeight: number;
  /** Passages taken from the vector index. */
  readonly denseTop: number;
  /** Weight of dense against lexical relevance, 0 to 1, where the embedder is semantic. */
  readonly denseWeight: number;
  /** Words of the question that are looked at. */
  readonly questionWords: number;
  /** idf of a question term that no passage has, when sentences are compared with the question. */
  readonly unseenIdf: number;
  /** Passages near the question, to which long lists are cut. */
  readonly near: number;
  /** One uncapitalised word may be meant as a name when at most this many passages have it. */
  readonly few: number;
  /** Whether those passages are the word's, in whatever form; in the reference they are the name's, which miss where it stands uncapitalised. */
  readonly fewByWord: boolean;
  /** Seeds by relevance: softmax over the best passages. */
  readonly seedTop: number;
  readonly seedTemperature: number;
  /** Weight of all seeds by the question's names, against 1 for those by relevance. */
  readonly nameSeed: number;
  /** Factor for a name that is no passage's title. */
  readonly noTitle: number;
  /** Exponent of such a name's specificity in its seed; 0 as in the reference. */
  readonly untitledSpecificity: number;
  readonly hops: number;
  /** Each hop starts at this many strongest passages of the level before. */
  readonly beam: number;
  readonly hopFactor: number;
  /** Weight of a link: (base + sentence match) · specificity, divided by (sum over the passage)^crowd. */
  readonly sentenceBase: number;
  readonly crowd: number;
  /** Weight of a link from a page to those that mention it, times its specificity. */
  readonly backlink: number;
  /** Share of the mentions of a name with and without a title page, against 1 for the title pages. */
  readonly mentionShare: number;
  readonly loneMentionShare: number;
  /**
   * Whether passages share a name's weight by their relevance to the question without its names, which the way there already speaks
   * for; in the reference by that to the whole question.
   */
  readonly residualTargets: boolean;
  /** A target counts (base + relevance). */
  readonly targetBase: number;
  /** Added to the relevance where passages share a name's weight. */
  readonly floorTitle: number;
  readonly floorMention: number;
  readonly floorSeed: number;
  /** Relevance in the final score. */
  readonly finalRelevance: number;
  /** Names told with the weight that went over them. */
  readonly namesKept: number;
  /** Passages whose order a reranker is asked for. */
  readonly rerankTop: number;
  /** A reranker is asked where the passages behind the last one wanted carry at least this share of the candidates' scores. */
  readonly rerankTail: number;
}

export const RETRIEVAL_DEFAULTS: RetrievalConfig = {
  lexicalTop: 200,
  lexicalPostings: 600,
  rescoreWeight: 1,
  bm25K1: 0.9,
  bm25B: 0.4,
  titleWeight: 2,
  pairWeight: 0.2,
  denseTop: 200,
  denseWeight: 0.6,
  questionWords: 512,
  unseenIdf: 8,
  near: 200,
  few: 10,
  fewByWord: true,
  seedTop: 10,
  seedTemperature: 0.1,
  nameSeed: 5,
  noTitle: 0.1,
  untitledSpecificity: 2,
  hops: 2,
  beam: 10,
  hopFactor: 0.5,
  sentenceBase: 0.4,
  crowd: 0.35,
  backlink: 0.3,
  mentionShare: 0.3,
  loneMentionShare: 0.15,
  residualTargets: true,
  targetBase: 1.2,
  floorTitle: 0.1,
  floorMention: 0.02,
  floorSeed: 0.05,
  finalRelevance: 0.02,
  namesKept: 50,
  rerankTop: 25,
  rerankTail: 0.05,
};

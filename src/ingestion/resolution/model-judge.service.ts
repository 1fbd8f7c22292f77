import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { contentHash } from '../../common/hash/content-hash.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../../config/models.config.ts';
import { projectRoot } from '../../config/project-root.ts';
import type { WorkspaceRef } from '../../graph/graph.types.ts';
import { ChatModel } from '../../models/chat-model.port.ts';
import { RecordStore } from '../../storage/record-store.port.ts';
import { workspaceScope } from '../../storage/storage.types.ts';
import { PAIRS_SCHEMA, parsePairsAnswer } from './pair-exchange.ts';

/** Pairs of one call. */
const PAIRS_A_CALL = 20;
const KEPT = 'resolution/answer/';

/** Who asks, and what is to be told of it. */
export interface JudgeContext {
  readonly workspace: WorkspaceRef;
  /** The prompt the questions go with: whether two names are of one, or one name of two. */
  readonly prompt: 'resolve' | 'namesakes';
  readonly signal?: AbortSignal | undefined;
  /** Told of each batch of pairs that is settled. */
  readonly onSettled: (pairs: number) => void;
}

/** Answers, and what they cost. */
export interface Judged {
  /** By place of the question; nothing where no usable answer came. */
  readonly same: readonly (boolean | undefined)[];
  readonly modelCalls: number;
}

type Question = Readonly<Record<string, unknown>>;

/** Asks RESOLUTION_MODEL about pairs that rules leave open, many a call. What was answered once is kept and never asked again. */
@Injectable()
export class ModelJudge {
  constructor(
    private readonly model: ChatModel,
    private readonly records: RecordStore,
    @Inject(MODELS_CONFIG) private readonly models: ModelsConfig,
  ) {}

  /** Whether there is a model to ask. */
  get wanted(): boolean {
    return this.model.configured && this.models.resolutionModel !== undefined;
  }

  /** @throws ModelError, StorageError; the signal's reason. What was answered before is kept. */
  async judge(questions: readonly Question[], context: JudgeContext): Promise<Judged> {
    const rules = readFileSync(join(projectRoot(), 'config', 'prompts', `${context.prompt}.md`), 'utf8').trim();
    const same: (boolean | undefined)[] = [];
    let modelCalls = 0;
    for (let i = 0; i < questions.length; i += PAIRS_A_CALL) {
      context.signal?.throwIfAborted();
      const some = questions.slice(i, i + PAIRS_A_CALL);
      const keys = some.map((question) => KEPT + contentHash(this.models.resolutionModel ?? '', rules, JSON.stringify(question)));
      const kept = new Map((await this.records.getMany(workspaceScope(context.workspace), keys)).map(({ key, value }) => [key, value === true]));
      const open = some.flatMap((question, place) => (kept.has(keys[place] ?? '') ? [] : [{ question, key: keys[place] ?? '' }]));
      if (open.length > 0) {
        modelCalls += 1;
        for (const [key, answer] of await this.#ask(open, rules, context)) kept.set(key, answer);
      }
      same.push(...keys.map((key) => kept.get(key)));
      context.onSettled(some.length);
    }
    return { same, modelCalls };
  }

  /** Pairs that an answer leaves out, or all if it cannot be read, stay open. */
  async #ask(open: readonly { readonly question: Question; readonly key: string }[], rules: string, { workspace, signal }: JudgeContext): Promise<Map<string, boolean>> {
    const pairs = open.map(({ question }, i) => ({ number: i + 1, ...question }));
    const { text } = await this.model.complete(
      [
        { role: 'system', content: rules },
        { role: 'user', content: JSON.stringify({ pairs }) },
      ],
      { model: this.models.resolutionModel ?? '', temperature: 0, jsonSchema: PAIRS_SCHEMA },
      { lane: 'bulk', workspaceUid: workspace.uid, operation: 'resolve', ...(signal === undefined ? {} : { signal }) },
    );
    const answered = [...(parsePairsAnswer(text, open.length) ?? [])].map(([place, same]) => [open[place]?.key ?? '', same] as const);
    if (answered.length > 0) await this.records.transact(workspaceScope(workspace), answered.map(([key, same]) => ({ kind: 'put', key, value: same })));
    return new Map(answered);
  }
}

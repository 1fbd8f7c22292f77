import fc from 'fast-check';
import { porterStem } from '../../../common/text/porter.ts';
import { words } from '../../../common/text/words.ts';
import { NameRenaming } from './name-renaming.ts';

function learnt(...passages: readonly (readonly [title: string, text: string])[]): NameRenaming {
  const renaming = new NameRenaming();
  for (const [title, text] of passages) renaming.learn(title, text);
  return renaming;
}

describe('NameRenaming', () => {
  const lothair = learnt(['Lothair II', 'Lothair II was the son of Ermengarde of Tours. He died; his film was good.'], ['The Good Wife', "Lothair's good wife."]);

  it('renames titles, texts and questions alike', () => {
    expect(lothair.title('Lothair II', 3)).toBe('Lothair3 II3');
    expect(lothair.text("When did Lothair II's mother Ermengarde die?", 3)).toBe("When did Lothair3 II3's mother Ermengarde3 die?");
  });

  it('leaves the first copy as it is, and unknown, common, short and lower-case words in every copy', () => {
    expect(lothair.text('Lothair II', 0)).toBe('Lothair II');
    expect(lothair.text('The son of X, In March He met a film by Nobody', 12)).toBe('The son of X, In March He met a film by Nobody');
  });

  it('knows a name at the start of a sentence from a word that only begins one', () => {
    expect(lothair.text('Good grief. Good Wife! Lothair', 2)).toBe('Good grief. Good2 Wife2! Lothair2');
    expect(lothair.title('Good', 2)).toBe('Good2');
  });

  it('shares names that very many passages have', () => {
    const passages = Array.from({ length: 60 }, (_, i) => ['', `Paris ${i < 59 ? 'Texas' : 'Rome'}`] as const);
    expect(learnt(...passages).text('in Paris Texas Rome', 1)).toBe('in Paris Texas1 Rome1');
  });

  it('renames before a possessive, inside apostrophes and over combining marks', () => {
    const renaming = learnt(['', 'of O’Brien Zu\u0308rich Müller']);
    expect(renaming.text("at O’Brien’s and Zürich's, Mu\u0308ller", 7)).toBe("at O’Brien7’s and Zürich7's, Mu\u0308ller7");
  });

  it('makes other words, the same in every place, that stay apart after stemming', () => {
    const word = fc.stringMatching(/^[A-Z][a-z]{1,9}$/);
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 6 }), fc.integer({ min: 1, max: 400 }), (names, copy) => {
        const title = names.join(' ');
        const renaming = learnt([title, `x ${title}`]);
        const [one, other] = [words(renaming.title(title, copy)), words(renaming.text(`x ${title}`, copy)).slice(1)];
        expect(one.map(({ norm }) => norm)).toEqual(other.map(({ norm }) => norm));
        const next = words(renaming.title(title, copy + 1));
        for (const [i, { norm }] of one.entries()) {
          if (norm.endsWith(String(copy))) expect(porterStem(norm)).not.toBe(porterStem(next[i]?.norm ?? ''));
        }
      }),
    );
  });
});

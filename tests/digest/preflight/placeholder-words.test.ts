import { describe, expect, it } from 'vitest';
import { findPlaceholders } from '../../../src/digest/preflight/placeholder-words.ts';

const wordsIn = (text: string, lang = 'en', short = false): string[] =>
  findPlaceholders(text, lang, short).map(({ word }) => word);

describe('findPlaceholders', () => {
  it('finds each kind as a whole word', () => {
    expect(wordsIn('The minister said TKTK.')).toEqual(['TKTK']);
    expect(wordsIn('The minister said TK TK on Monday')).toEqual(['TK TK']);
    expect(wordsIn('Count: TK. TODO: ask FIXME')).toEqual(['FIXME', 'TODO', 'TK']);
    expect(wordsIn('Lorem ipsum dolor sit amet')).toEqual(['Lorem ipsum']);
    expect(wordsIn('It cost XXX.')).toEqual(['XXX']);
    expect(wordsIn('Նախարարը՝ TKTK։ Այսօր')).toEqual(['TKTK']);
    expect(wordsIn('وزیر گفت TK، امروز', 'fa')).toEqual(['TK']);
    expect(wordsIn('მინისტრმა თქვა (TODO) დღეს', 'ka')).toEqual(['TODO']);
  });

  it('tells what nothing else can be meant by from what may be a name', () => {
    expect(findPlaceholders('TKTK', 'en', false)).toEqual([{ word: 'TKTK', isSure: true }]);
    expect(findPlaceholders('TK', 'en', false)).toEqual([{ word: 'TK', isSure: false }]);
  });

  it('leaves words alone that hold one', () => {
    for (const text of [
      'ATKIN and TKACH, İSTKO, TKİ, TKƏ, ŞTK',
      'TODOS los metodos, TODOROV, KENTODO',
      'XXXL and MAXXX',
      'ԱTKԲ արTODO ՏԿ',
      'აTKბ',
      'ТК и ТОДО', // Cyrillic
      'TK\u0301 TODO\u0301', // a letter with a mark is another letter
      'palorem ipsum, lorem ipsumque',
    ]) {
      expect(wordsIn(text), text).toEqual([]);
    }
  });

  it('leaves names, numbers and inflected abbreviations alone', () => {
    for (const text of [
      'Flight TK-1984',
      'flight TK 1984',
      'TK1984',
      'TK’nin kararı',
      "TK'ya göre",
      'XXX Olympiad',
      'XXX век',
    ]) {
      expect(wordsIn(text), text).toEqual([]);
    }
  });

  it('takes TODO for a word where it is one', () => {
    expect(wordsIn('TODO ES POSIBLE', 'es')).toEqual([]);
    expect(wordsIn('TODO O PAÍS', 'pt-BR')).toEqual([]);
    expect(wordsIn('TODO ES POSIBLE', 'en')).toEqual(['TODO']);
  });

  it('looks into no address', () => {
    expect(wordsIn('See https://dispatch.example/TK/TODO?x=FIXME or www.x.test/TKTK or TODO@dispatch.example')).toEqual(
      [],
    );
  });

  it('takes […] in a headline for a left-over, and in a text for a quotation’s', () => {
    expect(wordsIn('The president […] agreed', 'en', true)).toEqual(['[…]']);
    expect(wordsIn('The president [...] agreed', 'en', true)).toEqual(['[...]']);
    expect(wordsIn('“We […] agree”, he said.')).toEqual([]);
  });
});

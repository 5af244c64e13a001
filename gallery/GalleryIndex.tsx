// The index of the gallery: links to all cases, by page, in the chosen language and theme, and to the film strips of the diaries.
import { useState } from 'react';
import { PAGES, type PageName } from '../src/renderer/routes';
import type { Preferences } from '../src/renderer/store/preferences';
import { DIARIES } from './diaries';
import { CASES, type Look, nameOf, searchOf } from './gallery-case';
import classes from './GalleryIndex.module.css';

const LANGUAGE_CHOICES: readonly Preferences['language'][] = ['en', 'zh-CN'];
const THEME_CHOICES: readonly Preferences['theme'][] = ['light', 'dark'];

export function GalleryIndex() {
  const [page, setPage] = useState<PageName | 'all'>('all');
  const [look, setLook] = useState<Look>({ language: 'en', theme: 'light' });
  return (
    <main className={classes['index']}>
      <h1>Muster gallery</h1>
      <p>Every page in every state of tests/fixtures/app-states, and every drawer, dialog and answer.</p>
      <form className={classes['choices']}>
        <Choice label="Page" value={page} choices={['all', ...PAGES] as const} onChange={setPage} />
        <Choice label="Language" value={look.language} choices={LANGUAGE_CHOICES} onChange={(language) => setLook({ ...look, language })} />
        <Choice label="Theme" value={look.theme} choices={THEME_CHOICES} onChange={(theme) => setLook({ ...look, theme })} />
      </form>
      {PAGES.filter((name) => page === 'all' || page === name).map((name) => (
        <section key={name}>
          <h2>{name}</h2>
          <ul>
            {CASES.filter((one) => one.page === name).map((one) => (
              <li key={nameOf(one)}>
                <a href={searchOf(one, look)}>{[one.situation, ...(one.opening === null ? [] : [one.opening])].join(' / ')}</a>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {page === 'all' && (
        <section>
          <h2>diaries</h2>
          <ul>
            {Object.values(DIARIES).map(({ name, title, limitSeconds }) => (
              <li key={name}>
                <a href={`./diaries/${name}/index.html`}>{`${title}, within ${String(limitSeconds)} s`}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Value[];
  readonly onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, choices, onChange }: ChoiceProps<Value>) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => onChange(choices.find((choice) => choice === event.currentTarget.value) ?? value)}>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    </label>
  );
}

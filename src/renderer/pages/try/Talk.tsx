// The chat with its composer, and the panel beside it, which lies below the chat on narrow windows.
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { AskErrorNote } from '../../components/AskErrorNote';
import { CopyAs } from '../../components/connect/CopyAs';
import { usePoolTarget } from '../../components/connect/use-connect-target';
import { playAudio } from '../../components/play-audio';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { useProgramKey } from '../../queries/program-key';
import type { Answer } from './answer';
import { AnswerPanel } from './AnswerPanel';
import type { ChatFault, FileFault } from './chat';
import { isBusy } from './chat-store';
import { Composer } from './Composer';
import { chosenModel, modelFor, type UsableModel } from './models';
import { NextMessage } from './NextMessage';
import { TurnView } from './TurnView';
import { useChat, useChatState } from './use-chat';
import { type SoundFile, useFiles } from './use-files';
import { useStickToEnd } from './use-stick-to-end';
import classes from './Talk.module.css';

export function Talk({ models }: { readonly models: readonly UsableModel[] }) {
  const labels = useLabels();
  const { t, language } = labels;
  const chat = useChat();
  const state = useChatState((all) => all);
  const { turns, side, sideError, options } = state;
  const [text, setText] = useState('');
  const [fault, setFault] = useState<ChatFault | null>(null);
  const [ownNote, setOwnNote] = useState<string | null>(null);
  const sound = useSound(() => setOwnNote(t('try_it.not_playable')));
  const model = chosenModel(models, state.chosen);
  const askLanguage = language === 'en' ? 'en' : 'zh';
  const transcriber = model?.use === 'transcribe' ? model.model.model_id : modelFor(models, 'transcribe');
  const voice = model?.use === 'speak' ? model.model.model_id : modelFor(models, 'speak');

  const transcribe = async ({ name, type, bytes }: SoundFile): Promise<void> => {
    if (transcriber === null) {
      setOwnNote(t('try_it.no_transcriber'));
      return;
    }
    const request = { kind: 'transcribe', model: transcriber, answerId: null } as const;
    const ended = await chat.aside(request, {
      task: 'transcribe',
      model: transcriber,
      language: askLanguage,
      sound: { name: name === '' ? 'sound' : name.slice(-256), content_type: type.slice(0, 128), bytes },
    });
    if (ended === null) return;
    const firstChat = models.find(({ use }) => use === 'chat');
    if (model?.use === 'transcribe' && firstChat !== undefined) chat.change({ chosen: `chat ${firstChat.model.model_id}` });
    setText((before) => (before === '' ? ended.text : `${before} ${ended.text}`));
  };
  const files = useFiles((file) => void transcribe(file));
  const speak = async (spoken: string, answerId: string | null): Promise<void> => {
    if (voice === null) return;
    const ended = await chat.aside(
      { kind: 'speak', model: voice, answerId },
      { task: 'speak', model: voice, language: askLanguage, text: spoken.slice(0, MAX_SPOKEN) },
    );
    if (ended?.audio != null) await sound.play(ended.audio.bytes);
  };
  const send = (question = { text: text.trim(), pictures: files.pictures }): void => {
    if (model === null) return;
    setOwnNote(null);
    if (model.use === 'speak') {
      void speak(question.text, null);
      return;
    }
    const refused = chat.send(question, model.model.model_id, askLanguage);
    setFault(refused);
    if (refused !== null) return;
    setText('');
    files.clear();
  };
  useEscape(() => {
    chat.stop();
    sound.stop();
  });
  const end = useStickToEnd(turns);
  const shown = turns.find(({ answer }) => answer.id === state.shownId)?.answer ?? turns.at(-1)?.answer ?? null;
  if (model === null) return null;
  const faultText = faultTextOf(labels, files.fault ?? fault);
  const sideText = side === null ? null : t(side.kind === 'speak' ? 'try_it.speaking' : 'try_it.transcribing', { model: side.model });
  return (
    <div className={classes['layout']}>
      <DropArea onFiles={(dropped) => void files.add(dropped)}>
        <div className={classes['turns']} ref={end} role="log" aria-live="off" tabIndex={-1}>
          <div className={classes['column']}>
            {turns.length === 0 && <Empty isChat={model.use === 'chat'} onExample={(example) => send({ text: example, pictures: [] })} />}
            {turns.map((turn) => (
              <TurnView
                key={turn.answer.id}
                turn={turn}
                onWhy={(shownId) => {
                  chat.change({ shownId });
                  document.getElementById(PANEL)?.scrollIntoView({ block: 'nearest' });
                }}
                onHear={voice === null ? null : (answer: Answer) => void speak(answer.text, answer.id)}
              />
            ))}
            {sideError !== null && <AskErrorNote error={sideError} />}
            {turns.length > 0 && <Copy model={model} />}
          </div>
        </div>
        <div className={classes['column']}>
          <Composer
            models={models}
            model={model}
            onModel={(chosen) => chat.change({ chosen })}
            text={text}
            onText={setText}
            pictures={files.pictures}
            onRemovePicture={files.remove}
            onFiles={(chosen) => void files.add(chosen)}
            onSound={(bytes) => void transcribe({ name: 'recording.wav', type: 'audio/wav', bytes })}
            isBusy={isBusy(state) || sound.isPlaying}
            onSend={() => send()}
            onStop={() => {
              chat.stop();
              sound.stop();
            }}
            note={faultText ?? sideText ?? ownNote}
          />
        </div>
      </DropArea>
      <aside id={PANEL} className={classes['panel']} aria-label={t('try_it.panel')}>
        <AnswerPanel answer={shown} />
        {model.use === 'chat' && <NextMessage options={options} onChange={(changed) => chat.change({ options: changed })} />}
        {(model.use !== 'chat' || transcriber !== null || voice !== null) && <p className={classes['small']}>{t('try_it.where_sound')}</p>}
      </aside>
    </div>
  );
}

const PANEL = 'try-panel';
const MAX_SPOKEN = 20_000;

function Copy({ model }: { readonly model: UsableModel }) {
  const { t } = useLabels();
  const target = usePoolTarget();
  const programKey = useProgramKey();
  if (target === null || model.use !== 'chat') return null;
  return (
    <div className={classes['copy']}>
      <CopyAs
        target={target}
        model={model.model.model_id}
        programKey={programKey.key}
        createKey={() => programKey.create(t('connect.key_name'))}
      />
      {programKey.error !== null && <AskErrorNote error={programKey.error} />}
    </div>
  );
}

function Empty({ isChat, onExample }: { readonly isChat: boolean; readonly onExample: (text: string) => void }) {
  const { t } = useLabels();
  return (
    <div className={classes['empty']}>
      <h2>{t('try_it.empty_title')}</h2>
      <p>{t('try_it.empty_text')}</p>
      {isChat && (
        <ul>
          {(['languages', 'limits', 'table'] as const).map((example) => (
            <li key={example}>
              <button type="button" onClick={() => onExample(t(`try_it.examples.${example}`))}>
                {t(`try_it.examples.${example}`)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function DropArea({ onFiles, children }: { readonly onFiles: (files: readonly File[]) => void; readonly children: ReactNode }) {
  const { t } = useLabels();
  const [isOver, setIsOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    const dropped = [...event.dataTransfer.files];
    if (dropped.length > 0) onFiles(dropped);
  };
  return (
    // Dropping is a shortcut of the button that attaches files.
    <div
      className={classes['talk']}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      {children}
      {isOver && <div className={classes['drop']}>{t('try_it.drop_here')}</div>}
    </div>
  );
}

function faultTextOf({ t, format }: Labels, fault: ChatFault | FileFault | null): string | null {
  if (fault === null) return null;
  switch (fault.code) {
    case 'chat_too_long':
      return t('try_fault.chat_too_long', { found: format.bytes(fault.found), max: format.bytes(fault.max) });
    case 'too_many_messages':
      return t('try_fault.too_many_messages', { found: format.number(fault.found), max: format.number(fault.max) });
    case 'file_too_large':
      return t('try_fault.file_too_large', { name: fault.name, found: format.bytes(fault.found), max: format.bytes(fault.max) });
    case 'too_many_pictures':
      return t('try_fault.too_many_pictures', { max: fault.max });
    case 'file_type':
    case 'file_empty':
      return t(`try_fault.${fault.code}`, { name: fault.name });
  }
}

/** Escape stops the answer, wherever the focus is on the page. */
function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  useEffect(() => {
    latest.current = onEscape;
  });
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) latest.current();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

interface Sound {
  readonly isPlaying: boolean;
  readonly play: (bytes: Uint8Array) => Promise<void>;
  readonly stop: () => void;
}

function useSound(onUnplayable: () => void): Sound {
  const [isPlaying, setIsPlaying] = useState(false);
  const stopPlaying = useRef<() => void>(() => undefined);
  useEffect(() => () => stopPlaying.current(), []);
  return {
    isPlaying,
    async play(bytes) {
      stopPlaying.current();
      const stop = await playAudio(new Uint8Array(bytes), () => setIsPlaying(false));
      if (stop === null) onUnplayable();
      else {
        stopPlaying.current = stop;
        setIsPlaying(true);
      }
    },
    stop: () => stopPlaying.current(),
  };
}

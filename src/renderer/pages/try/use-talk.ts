// What a person does on the page Try it: write, attach, send, stop, hear; and what is said about it below the field.
import { useState } from 'react';
import { ASK_LIMITS } from '../../../shared/api/ask';
import { useEscape } from '../../components/use-escape';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import type { Answer } from './answer';
import type { ChatFault, ChatOptions, FileFault, Question } from './chat';
import type { ChatState } from './chat-state';
import { type Chat, isBusy } from './chat-store';
import { chosenModel, modelFor, type UsableModel } from '../../queries/usable-models';
import { useChat, useChatState } from './use-chat';
import { type Files, type SoundFile, useFiles } from './use-files';
import { type Sound, useSound } from './use-sound';

export interface Talk {
  readonly chat: Chat;
  readonly state: ChatState;
  /** Of the next message: without a chosen node that left the pool. */
  readonly options: ChatOptions;
  readonly files: Files;
  /** Null: the pool has no model. */
  readonly model: UsableModel | null;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly isBusy: boolean;
  /** Why a message is not sent, or what happens beside the chat. */
  readonly note: string | null;
  /** Default: the message in the field. */
  readonly send: (question?: Question) => void;
  /** Asks the last question again. Null: the chosen model takes no questions. */
  readonly retry: (() => void) | null;
  readonly stop: () => void;
  /** Null: no model of the pool speaks. */
  readonly hear: ((answer: Answer) => void) | null;
  readonly addFiles: (files: readonly File[]) => void;
  readonly addRecording: (wav: Uint8Array<ArrayBuffer>) => void;
}

export function useTalk(models: readonly UsableModel[]): Talk {
  const labels = useLabels();
  const { t } = labels;
  const chat = useChat();
  const state = useChatState((all) => all);
  const { nodeId } = state.options;
  const hasNode = useApp(({ nodes }) => nodeId === null || nodes.has(nodeId));
  const options = hasNode ? state.options : { ...state.options, nodeId: null };
  const [text, setText] = useState('');
  const [fault, setFault] = useState<ChatFault | null>(null);
  const [ownNote, setOwnNote] = useState<string | null>(null);
  const sound = useSound(() => setOwnNote(t('try_it.not_playable')));
  const model = chosenModel(models, state.chosen);
  const side = useSideRequests({ chat, models, model, sound, onNote: setOwnNote, onText: setText });
  const files = useFiles(side.transcribe);
  const send = (question: Question = { text: text.trim(), pictures: files.pictures }): void => {
    if (model === null) return;
    setOwnNote(null);
    if (model.use === 'speak') {
      side.speak?.(question.text, null);
      return;
    }
    chat.change({ options });
    const refused = chat.send(question, model.model.model_id, askLanguageOf(labels));
    setFault(refused);
    if (refused !== null) return;
    setText('');
    files.clear();
  };
  const retry = (chatModel: string): void => {
    setOwnNote(null);
    chat.change({ options });
    setFault(chat.retry(chatModel, askLanguageOf(labels)));
  };
  const stop = (): void => {
    chat.stop();
    sound.stop();
  };
  // The focus is mostly in the field for the message.
  useEscape(stop, { inTextarea: true });
  const { speak } = side;
  return {
    chat,
    state,
    options,
    files,
    model,
    text,
    setText,
    isBusy: isBusy(state) || sound.isPlaying,
    note: faultTextOf(labels, files.fault ?? fault) ?? sideTextOf(labels, state.side) ?? ownNote ?? keepTextOf(labels, state),
    send,
    retry: model?.use === 'chat' ? () => retry(model.model.model_id) : null,
    stop,
    hear: speak === null ? null : (answer) => speak(answer.text, answer.id),
    addFiles: (added) => void files.add(added),
    addRecording: (bytes) => side.transcribe({ name: 'recording.wav', type: 'audio/wav', bytes }),
  };
}

interface SideOptions {
  readonly chat: Chat;
  readonly models: readonly UsableModel[];
  readonly model: UsableModel | null;
  readonly sound: Sound;
  readonly onNote: (note: string | null) => void;
  readonly onText: (change: (before: string) => string) => void;
}

interface SideRequests {
  readonly transcribe: (file: SoundFile) => void;
  /** Null: no model of the pool speaks. */
  readonly speak: ((text: string, answerId: string | null) => void) | null;
}

/** Sound to text, and text to sound: with the chosen model where it does that, else with the first one of the pool. */
function useSideRequests({ chat, models, model, sound, onNote, onText }: SideOptions): SideRequests {
  const labels = useLabels();
  const language = askLanguageOf(labels);
  const transcriber = model?.use === 'transcribe' ? model.model.model_id : modelFor(models, 'transcribe');
  const voice = model?.use === 'speak' ? model.model.model_id : modelFor(models, 'speak');
  const transcribe = async ({ name, type, bytes }: SoundFile): Promise<void> => {
    if (transcriber === null) {
      onNote(labels.t('try_it.no_transcriber'));
      return;
    }
    const file = { name: name === '' ? 'sound' : name.slice(-256), content_type: type.slice(0, 128), bytes };
    const request = { kind: 'transcribe', model: transcriber, answerId: null } as const;
    const ended = await chat.aside(request, { task: 'transcribe', model: transcriber, language, sound: file });
    if (ended === null) return;
    const firstChat = modelFor(models, 'chat');
    if (model?.use === 'transcribe' && firstChat !== null) chat.change({ chosen: `chat ${firstChat}` });
    onText((before) => (before === '' ? ended.text : `${before} ${ended.text}`));
  };
  const speak = async (speaker: string, text: string, answerId: string | null): Promise<void> => {
    const spoken = text.slice(0, ASK_LIMITS.speechCharacters);
    const ended = await chat.aside({ kind: 'speak', model: speaker, answerId }, { task: 'speak', model: speaker, language, text: spoken });
    if (ended?.audio != null) await sound.play(ended.audio.bytes);
  };
  return {
    transcribe: (file) => void transcribe(file),
    speak: voice === null ? null : (text, answerId) => void speak(voice, text, answerId),
  };
}

/** The language of the errors of a request. */
export const askLanguageOf = ({ language }: Labels): 'en' | 'zh' => (language === 'en' ? 'en' : 'zh');

function sideTextOf({ t }: Labels, side: ChatState['side']): string | null {
  if (side === null) return null;
  return t(side.kind === 'speak' ? 'try_it.speaking' : 'try_it.transcribing', { model: side.model });
}

const keepTextOf = ({ t }: Labels, { keepFault, isKeeping, turns }: ChatState): string | null =>
  keepFault === null || !isKeeping || turns.length === 0 ? null : t(`try_chats.fault.${keepFault}`);

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
    case 'file_unreadable':
    case 'one_sound':
      return t(`try_fault.${fault.code}`, { name: fault.name });
  }
}

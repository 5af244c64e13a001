// Recognises and reads a server by given answers, where every other path answers 404.
import type { Answers } from '../../../../../src/main/runtimes/core/servers/answers';
import type { ServerType, Question } from '../../../../../src/main/runtimes/core/servers/server-type';
import { SERVER_TYPES, recognise } from '../../../../../src/main/runtimes/core/servers/recognise';
import { json, lines } from '../../../../support/stand-ins/answers';

export const ALL_PATHS: readonly string[] = [...new Set(SERVER_TYPES.flatMap(({ paths }) => paths))];

const NOT_FOUND = json({ error: 'not found' }, 404);
const answersFor = (questions: readonly Question[], known: Answers): Answers =>
  Object.fromEntries(
    questions.map((question) => (typeof question === 'string' ? question : question.key)).map((key) => [key, known[key] ?? NOT_FOUND]),
  );

/** Null: the server is not recognised. */
export function probeWith(known: Answers): { readonly type: ServerType; readonly answers: Answers } | null {
  const first = answersFor(ALL_PATHS, known);
  const type = recognise(first);
  return type && { type, answers: { ...first, ...answersFor(type.followUps?.(first) ?? [], known) } };
}

/** The server's type, its state and a line for each model. */
export function linesOf(known: Answers): readonly string[] | null {
  const probed = probeWith(known);
  if (probed === null) return null;
  const state = probed.type.read(probed.answers);
  return [probed.type.name, state.state, state.reasonCode, ...lines(state.models)];
}

// What a whole look makes of a server's answers, where every other path is not found.
import type { Answers } from '../../src/main/runtimes/core/servers/answers';
import type { Flavour, Question } from '../../src/main/runtimes/core/servers/server-type';
import { FLAVOURS, recognise } from '../../src/main/runtimes/core/servers/recognise';
import { json, lines } from './stand-ins/answers';

export const ALL_PATHS: readonly string[] = [...new Set(FLAVOURS.flatMap(({ paths }) => paths))];

const NOT_FOUND = json({ error: 'not found' }, 404);
const answersFor = (questions: readonly Question[], known: Answers): Answers =>
  Object.fromEntries(
    questions.map((question) => (typeof question === 'string' ? question : question.key)).map((key) => [key, known[key] ?? NOT_FOUND]),
  );

/** Null: it is not recognised. */
export function lookAt(known: Answers): { readonly flavour: Flavour; readonly answers: Answers } | null {
  const first = answersFor(ALL_PATHS, known);
  const flavour = recognise(first);
  return flavour && { flavour, answers: { ...first, ...answersFor(flavour.later?.(first) ?? [], known) } };
}

/** The flavour, its state and a line for each model. */
export function linesOf(known: Answers): readonly string[] | null {
  const found = lookAt(known);
  if (found === null) return null;
  const seen = found.flavour.read(found.answers);
  return [found.flavour.name, seen.state, seen.reasonCode, ...lines(seen.models)];
}

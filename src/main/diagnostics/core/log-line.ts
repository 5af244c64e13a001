// One line of a log: its bounded, masked form for a page, or null when the text is not a line of this program. Pure.
import { LOG_LEVELS, type LogLevelName, type LogLine, type LogSourceName } from '../../../shared/api/logs';
import { isRecord, parseJson } from '../../../shared/json';
import { redact } from '../../../shared/redact';
import { type Position, positionText } from './cursor';

const MAX_FIELDS = 64;
const MAX_NAME_LENGTH = 64;
const MAX_TEXT_LENGTH = 2000;
const MAX_ITEMS = 100;

export function logLineOf(source: LogSourceName, position: Position, text: string): LogLine | null {
  const value = parseJson(text);
  if (!isRecord(value)) return null;
  const { time, level, event, ...fields } = value;
  const atWallMs = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  const known = levelOf(level);
  if (Number.isNaN(atWallMs) || known === null || typeof event !== 'string') return null;
  return {
    id: positionText(source, position),
    source,
    at: atWallMs,
    level: known,
    event: event.slice(0, MAX_NAME_LENGTH),
    // Texts are cut after their secrets are masked: the rest of a secret that was cut has no form by which it is found.
    fields: bounded(redact(firstFields(fields)) as Readonly<Record<string, unknown>>),
  };
}

const levelOf = (level: unknown): LogLevelName | null => LOG_LEVELS.find((known) => known === level) ?? null;

type Json = LogLine['fields'][string];

const firstFields = (fields: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(fields).slice(0, MAX_FIELDS));

function bounded(fields: Readonly<Record<string, unknown>>): LogLine['fields'] {
  return Object.fromEntries(
    Object.entries(firstFields(fields)).map(([name, value]) => [name.slice(0, MAX_NAME_LENGTH), boundedValue(value)]),
  );
}

function boundedValue(value: unknown): Json {
  if (typeof value === 'string') return value.length > MAX_TEXT_LENGTH ? `${value.slice(0, MAX_TEXT_LENGTH)}…` : value;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(boundedValue);
  if (isRecord(value)) return bounded(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

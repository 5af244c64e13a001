// The functions of date-fns that pino-roll calls. The build replaces `date-fns` with this file (electron.vite.config.ts).
export { addDays } from 'date-fns/addDays';
export { addHours } from 'date-fns/addHours';
export { format } from 'date-fns/format';
export { isValid } from 'date-fns/isValid';
export { parse } from 'date-fns/parse';

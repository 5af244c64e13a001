// What a browser gets from a member of a cluster that does not lead: a page with a link to the dashboard of the leader. It loads itself
// again, so that it becomes the dashboard when this member leads.
import type { Language } from '../../../shared/language';
import { browserPage, escaped } from './browser-page';

const RELOAD_SECONDS = 5;

interface Texts {
  readonly title: string;
  readonly text: string;
  readonly link: string;
  readonly noLeader: string;
  readonly note: string;
}

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    title: 'This scheduler does not lead',
    text: 'The pool has several schedulers. Another one takes nodes and requests now, and shows the dashboard.',
    link: 'Open the dashboard of the leader',
    noLeader: 'The leader is not known at the moment. Another scheduler leads within seconds.',
    note: 'This page looks again every few seconds.',
  },
  zh: {
    title: '这台调度器当前不是主调度器',
    text: '此算力池有多台调度器。目前由另一台接受节点和请求，并提供管理页面。',
    link: '打开主调度器的管理页面',
    noLeader: '目前没有已知的主调度器。几秒内会有一台接管。',
    note: '此页面每隔几秒自动刷新。',
  },
};

/** `leader`: the address of its dashboard. Null: not known. */
export function candidatePage(language: Language, leader: string | null): string {
  const { title, text, link, noLeader, note } = TEXTS[language];
  const way = leader === null ? noLeader : `<a href="${escaped(leader)}">${link}</a> (${escaped(new URL(leader).host)})`;
  return browserPage({ language, title, blocks: [text, way, note].map((block) => `<p>${block}</p>`), reloadSeconds: RELOAD_SECONDS });
}

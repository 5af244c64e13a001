// The texts of a notification, and the page that a click on it opens. Pure.
import { assertNever } from '../../../shared/assert-never';
import type { Language, Localized } from '../../../shared/language';
import { toPlainName } from '../../../shared/protocol/names';
import { JOB_ERROR_TEXTS, jobErrorText } from '../../../shared/reasons/job-errors';
import { type Notice, UPDATES_PAGE } from './notices';
import { causeText } from './own-state';

export interface NoticeText {
  readonly title: string;
  readonly body: string;
  /** The hash of the page. */
  readonly hash: string;
}

interface Texts {
  readonly title: Localized;
  readonly body: Localized;
  readonly hash: string;
}

const MAX_NAMES = 3;
const MAX_NAME_LENGTH = 64;

/** `notices`: of one kind. */
export function noticeText(notices: readonly [Notice, ...Notice[]], language: Language): NoticeText {
  const { title, body, hash } = textsOf(notices);
  return { title: title[language], body: body[language], hash };
}

function textsOf([first, ...others]: readonly [Notice, ...Notice[]]): Texts {
  const count = String(others.length + 1);
  const isOne = others.length === 0;
  const all = [first, ...others];
  switch (first.kind) {
    case 'joined': {
      const name = plain(first.name);
      return {
        title: isOne
          ? { en: `${name} joined the pool`, zh: `${name} 已加入算力池` }
          : { en: `${count} computers joined the pool`, zh: `${count} 台电脑已加入算力池` },
        body: isOne ? { en: 'The node gets jobs when its checks have passed.', zh: '检查通过后，该节点开始接收任务。' } : namesOf(all),
        hash: '#/nodes',
      };
    }
    case 'join_request': {
      const name = plain(first.name);
      return {
        title: isOne
          ? { en: `${name} asks to join the pool`, zh: `${name} 请求加入算力池` }
          : { en: `${count} computers ask to join the pool`, zh: `${count} 台电脑请求加入算力池` },
        body: { en: 'Compare the six digits on both screens.', zh: '请核对两台电脑屏幕上的六位数字。' },
        hash: '#/members',
      };
    }
    case 'job_failed': {
      const { en, zh } = jobErrorText(first.code) ?? JOB_ERROR_TEXTS.failed;
      const model = plain(first.modelId);
      return {
        title: isOne
          ? { en: 'A job failed here', zh: '本机有任务失败' }
          : { en: `${count} jobs failed here`, zh: `本机有 ${count} 个任务失败` },
        body: isOne ? { en: `${model}: ${en}`, zh: `${model}：${zh}` } : namesOf(all),
        hash: '#/jobs?status=failed',
      };
    }
    case 'node_lost':
      return isOne
        ? lostText(first.name)
        : { title: { en: `${count} nodes lost`, zh: `${count} 个节点失联` }, body: namesOf(all), hash: '#/nodes' };
    case 'pool_full':
      return fullText(first);
    case 'paused': {
      const { en, zh } = causeText(first.code, first.detail === null ? null : plain(first.detail));
      return {
        title: { en: `Paused: ${en}`, zh: `已暂停：${zh}` },
        body: { en: 'Sharing resumes when the rule no longer applies.', zh: '规则不再满足时自动恢复共享。' },
        hash: '#/computer',
      };
    }
    case 'update':
      return updateText(all.findLast((notice) => notice.kind === 'update') ?? first);
    default:
      return assertNever(first);
  }
}

/** Of the newest notice: an update may be found and downloaded within a minute. */
function updateText({ version, isReady }: Extract<Notice, { kind: 'update' }>): Texts {
  const name = `Muster ${plain(version)}`;
  return isReady
    ? {
        title: { en: `${name} is ready to install`, zh: `${name} 可以安装` },
        body: { en: 'Open Settings to install it.', zh: '请打开“设置”安装。' },
        hash: UPDATES_PAGE,
      }
    : {
        title: { en: `${name} is available`, zh: `有新版本 ${name}` },
        body: { en: 'Open Settings to download it.', zh: '请打开“设置”下载。' },
        hash: UPDATES_PAGE,
      };
}

const lostText = (name: string | null): Texts =>
  name === null
    ? {
        title: { en: 'The pool refuses this computer', zh: '算力池拒绝了本机' },
        body: { en: 'Open Muster to read the reason.', zh: '请打开 Muster 查看原因。' },
        hash: '#/computer',
      }
    : {
        title: { en: `Node lost: ${plain(name)}`, zh: `节点失联：${plain(name)}` },
        body: { en: 'The node sends no heartbeat. Its jobs go to other nodes.', zh: '该节点没有心跳，其任务将转到其他节点。' },
        hash: '#/nodes?state=offline',
      };

function fullText({ waiting, nodes }: Extract<Notice, { kind: 'pool_full' }>): Texts {
  const jobs = waiting === 1 ? '1 job waits' : `${String(waiting)} jobs wait`;
  const taken = nodes === 1 ? 'the only node is' : `all ${String(nodes)} nodes are`;
  return {
    title: { en: 'The pool is full', zh: '算力池已满' },
    body: {
      en: `${jobs}: ${taken} full or busy.`,
      zh: `${String(waiting)} 个任务在等待：${nodes === 1 ? '唯一的节点' : `全部 ${String(nodes)} 个节点`}已满或繁忙。`,
    },
    hash: '#/jobs?status=queued',
  };
}

/** The first names, each once. */
function namesOf(notices: readonly Notice[]): Localized {
  const names = [...new Set(notices.flatMap((notice) => nameOf(notice) ?? []).map(plain))];
  const shown = names.slice(0, MAX_NAMES);
  const more = names.length - shown.length;
  if (more === 0) return { en: shown.join(', '), zh: shown.join('、') };
  return { en: `${shown.join(', ')} and ${String(more)} more`, zh: `${shown.join('、')}等 ${String(names.length)} 个` };
}

function nameOf(notice: Notice): string | null {
  switch (notice.kind) {
    case 'joined':
    case 'join_request':
    case 'node_lost':
      return notice.name;
    case 'job_failed':
      return notice.modelId;
    case 'paused':
      return notice.detail;
    case 'update':
      return notice.version;
    case 'pool_full':
      return null;
  }
}

/** Characters without a shape, such as marks of direction and spaces of no width. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Other computers choose names. Some desktops read markup in a notification, such as links and pictures. */
function plain(name: string): string {
  const visible = toPlainName(name.replace(INVISIBLE, ''), MAX_NAME_LENGTH);
  return visible === '' ? '?' : visible.replace(/[<>&]/g, (sign) => ({ '<': '‹', '>': '›' })[sign] ?? '＆');
}

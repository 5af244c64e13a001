// Texts of the settings for the rules of the owner (`../rule-keys.ts`).
import { settingText as row } from './setting-text';

export const RULE_TEXTS = {
  'agent.sharing_hours': row(
    ['Schedule', '时间表'],
    ['Jobs come only in these hours. If empty, they come at any time.', '仅在这些时段接收任务，为空时始终接收。'],
    ['Enter hours such as mon-fri 18:00-08:00.', '请输入时段，例如“周一至周五 18:00-08:00”。'],
  ),
  'agent.pause_on_full_screen': row(
    ['Pause while a program is full screen', '有程序全屏显示时暂停'],
    [
      'Sharing resumes 2 minutes after the program closes or leaves the front. On Linux only, for programs that use X11. For native Wayland programs, use the rule for chosen programs.',
      '程序关闭或切到后台 2 分钟后恢复共享。仅支持 Linux 上使用 X11 的程序；原生 Wayland 程序请使用“指定程序使用显卡时暂停”。',
    ],
  ),
  'agent.full_screen_exceptions': row(
    ['Ignored full-screen programs', '不触发暂停的全屏程序'],
    ['For example a video player. Applies to the rule above only.', '例如视频播放器。仅适用于上一条规则。'],
    ['Enter names of programs, such as vlc.', '请输入程序名称，例如 vlc。'],
  ),
  'agent.pause_for_programs': row(
    ['Pause while these programs use a GPU', '指定程序使用显卡时暂停'],
    ['Sharing resumes 2 minutes after the last one closes.', '最后一个程序关闭 2 分钟后恢复共享。'],
    ['Enter names of programs, such as blender.', '请输入程序名称，例如 blender。'],
  ),
  'agent.mains_power_only': row(
    ['Share only on mains power', '仅在接通电源时共享'],
    ['Sharing is paused while this computer runs on battery.', '使用电池时暂停共享。'],
  ),
  'agent.pause_above_celsius': row(
    ['Temperature limit', '温度上限'],
    ['Sharing is paused while a GPU is hotter, until it is 5 °C below the limit.', '显卡超过此温度时暂停共享，降至上限以下 5 °C 后恢复。'],
  ),
  'agent.move_jobs_at_pause': row(
    ['Move running jobs when a rule pauses', '规则触发暂停时转移任务'],
    ['They move to other nodes at once. Off: they end on this computer.', '任务立即转移到其他节点。关闭时在本机完成。'],
  ),
};

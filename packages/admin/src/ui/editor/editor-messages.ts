import { defineMessages } from "../../i18n/define-messages.ts";

/** The editor's own words. Those of `phrases` are looked up by their English text, as CodeMirror wants it. */
export const editorMessages = defineMessages(
  { loading: "Loading the editor", before: "Before", after: "After", same: "Nothing differs" },
  { loading: "正在加载编辑器", before: "修改前", after: "修改后", same: "没有差异" },
);

export const CHINESE_PHRASES: Readonly<Record<string, string>> = {
  Find: "查找", Replace: "替换为", next: "下一个", previous: "上一个", all: "全部", "match case": "区分大小写", regexp: "正则表达式", "by word": "全字匹配",
  replace: "替换", "replace all": "全部替换", close: "关闭", "current match": "当前匹配", "replaced $ matches": "已替换 $ 处", "replaced match on line $": "已替换第 $ 行的匹配", "on line": "位于行",
  "Go to line": "转到行", go: "转到", "No diagnostics": "没有问题", Diagnostics: "问题", Completions: "补全", "Folded lines": "已折叠的行", "Unfolded lines": "已展开的行", unfold: "展开", "folded code": "已折叠的代码", "$ unchanged lines": "$ 行未变",
};

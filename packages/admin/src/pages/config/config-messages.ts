import { defineMessages } from "../../i18n/define-messages.ts";

export const configMessages = defineMessages(
  {
    description: "The configuration file. What is live takes effect when it is saved.",
    form: "Form", yaml: "YAML", search: "Search settings", review: "Review and save", discard: "Discard", discardAsk: "Discard your changes?", discardText: "The form and the editor show the file again.", unsaved: "There are changes that are not saved.",
    live: "live", restart: "after a restart", liveHint: "Takes effect when it is saved.", restartHint: "Takes effect after a restart.", pending: "no effect yet", deprecated: "not used", secret: "secret", toDefault: "Back to the default", usual: (value: string) => `Default: ${value}`, empty: "empty", reference: "A reference to the environment", set: "set",
    inYaml: "Edit in YAML", entries: (count: string) => (count === "1" ? "1 entry" : `${count} entries`), inProviders: "Manage under Providers", sections: { Server: "Server", Access: "Access", "Logging and statistics": "Logging and statistics", "Upstream behaviour": "Upstream behaviour", Providers: "Providers", Discovery: "Discovery", Translation: "Translation", "Stored logins": "Stored logins", "Payload rules": "Payload rules", Prices: "Prices", Observation: "Observation", Store: "Store" },
    problems: "Problems", notes: "Notes", noProblems: "No problems", line: (number: string) => `line ${number}`, checking: "Checking…", notYaml: "The text is not valid YAML. Mend it in the editor before you use the form.", toEditor: "To the editor",
    reviewTitle: "Save the configuration", changes: "What changes", noChanges: "Nothing changes but the text itself.", save: "Save", saved: "Saved and in force", savedRestart: "Saved; some of it takes effect after a restart", blocked: "The file would not be valid. Nothing has been saved.",
    conflict: "The file was changed by somebody else meanwhile.", conflictText: "Saving now would undo that change. Compare, then load the file anew or overwrite it.", reload: "Load the file anew", overwrite: "Overwrite it", theirs: "What was changed meanwhile", saveHint: "Ctrl S reviews and saves. Ctrl Space completes, Ctrl F searches.", newFile: "There is no file yet; saving makes one.", editor: "Configuration file",
  },
  {
    description: "配置文件。标为“即时”的设置保存后立即生效。",
    form: "表单", yaml: "YAML", search: "搜索设置", review: "检查并保存", discard: "放弃更改", discardAsk: "放弃你的更改？", discardText: "表单与编辑器会恢复为文件内容。", unsaved: "有尚未保存的更改。",
    live: "即时", restart: "重启后", liveHint: "保存后立即生效。", restartHint: "重启后生效。", pending: "尚未起作用", deprecated: "未使用", secret: "机密", toDefault: "恢复默认值", usual: (value: string) => `默认：${value}`, empty: "空", reference: "引用环境变量", set: "已设置",
    inYaml: "在 YAML 中编辑", entries: (count: string) => `${count} 项`, inProviders: "在“供应商”中管理", sections: { Server: "服务器", Access: "访问", "Logging and statistics": "日志与统计", "Upstream behaviour": "上游行为", Providers: "供应商", Discovery: "自动发现", Translation: "翻译", "Stored logins": "已存登录", "Payload rules": "请求体规则", Prices: "价格", Observation: "可观测性", Store: "存储" },
    problems: "问题", notes: "提示", noProblems: "没有问题", line: (number: string) => `第 ${number} 行`, checking: "正在检查…", notYaml: "文本不是有效的 YAML。请先在编辑器中修正，再使用表单。", toEditor: "前往编辑器",
    reviewTitle: "保存配置", changes: "更改内容", noChanges: "除文本外没有变化。", save: "保存", saved: "已保存并生效", savedRestart: "已保存，部分设置重启后生效", blocked: "文件无效，未保存任何内容。",
    conflict: "文件已被其他人修改。", conflictText: "现在保存会撤销那次修改。请比较后重新载入或覆盖。", reload: "重新载入文件", overwrite: "覆盖", theirs: "期间的修改", saveHint: "Ctrl S 检查并保存，Ctrl 空格 补全，Ctrl F 搜索。", newFile: "还没有配置文件，保存时会创建。", editor: "配置文件",
  },
);

import { defineMessages } from "../../i18n/define-messages.ts";

export const logsMessages = defineMessages(
  {
    description: "What the program writes down, and the logs of single requests.",
    application: "Program", requests: "Requests", search: "Search lines", levels: "Levels", level: { debug: "Debug", info: "Info", warn: "Warnings", error: "Errors" }, follow: "Follow", paused: "Paused", clear: "Clear", download: "Download",
    clearAsk: "Clear the log?", clearText: "The current file is emptied and older ones are deleted. Logs of single requests stay. This cannot be undone.", cleared: "The log was cleared", off: "No log files are written", offText: "The program writes to its terminal. Set logging-to-file in the configuration to read the log here; it takes effect after a restart.", toConfig: "To the configuration",
    none: "The log is empty", noMatch: "No line matches", lines: (shown: string, all: string) => `${shown} of ${all} lines`, earlier: "Show earlier lines", showRequest: "Show in Live", reset: "The file was replaced; reading began anew.", line: "Log line", raw: "As written",
    files: "Logs of failed requests", filesText: "With request-log on, every request has a file of its own; find it by its id.", fileName: "File", size: "Size", modified: "Written", noFiles: "No logs of failed requests", noFilesText: "They are written when a request fails and request-log is off.", byId: "Request id", find: "Find", notFound: "There is no log of this request", open: "Open",
  },
  {
    description: "程序写下的记录，以及单个请求的日志。",
    application: "程序", requests: "请求", search: "搜索日志", levels: "级别", level: { debug: "调试", info: "信息", warn: "警告", error: "错误" }, follow: "跟随", paused: "已暂停", clear: "清空", download: "下载",
    clearAsk: "清空日志？", clearText: "当前文件会被清空，较旧的文件会被删除。单个请求的日志会保留。此操作无法撤销。", cleared: "日志已清空", off: "没有写入日志文件", offText: "程序正在向终端输出。在配置中开启 logging-to-file 后可在此查看日志，重启后生效。", toConfig: "前往配置",
    none: "日志为空", noMatch: "没有匹配的行", lines: (shown: string, all: string) => `${shown} / ${all} 行`, earlier: "显示更早的行", showRequest: "在“实时”中查看", reset: "文件已更换，重新开始读取。", line: "日志行", raw: "原文",
    files: "失败请求的日志", filesText: "开启 request-log 后，每个请求都有自己的文件，可按 ID 查找。", fileName: "文件", size: "大小", modified: "写入时间", noFiles: "没有失败请求的日志", noFilesText: "request-log 关闭时，请求失败后会写入。", byId: "请求 ID", find: "查找", notFound: "没有此请求的日志", open: "打开",
  },
);

import { defineMessages } from "../../i18n/define-messages.ts";

export const playgroundMessages = defineMessages(
  {
    description: "Any model, in any dialect, as a client would call it.",
    model: "Model", chooseModel: "Choose a model", dialect: "Dialect", system: "System prompt", message: "Message", messagePlaceholder: "Ask something…", send: "Send", stop: "Stop", again: "Start over", settings: "Settings", stream: "Stream the reply", temperature: "Temperature", maxTokens: "Max tokens", effort: "Reasoning effort", unsaid: "not said", tools: "Tools as JSON", toolsHint: "In the form of the chosen dialect.", toolsWrong: "The tools are not JSON.", efforts: { minimal: "minimal", low: "low", medium: "medium", high: "high" },
    reply: "Reply", events: "Raw events", request: "Request", curl: "As curl", count: (count: string) => `${count} events`, reasoning: "Reasoning", toolCall: "Tool call", you: "You", nothing: "Send a message to see the reply here", sendHint: "Ctrl Enter sends.",
    losses: "Lost in translation", noLosses: "Nothing was lost in translation", facts: { first: "first event", total: "duration", input: "in", output: "out", finish: "finish" }, stopped: "Stopped", showLive: "Show in Live", waiting: "Waiting for the first event", noModels: "No model is served yet", addUpstream: "Add an upstream", beginning: "Only the last events are shown.", show: "Show",
  },
  {
    description: "用任意协议调用任意模型，与客户端的调用完全一样。",
    model: "模型", chooseModel: "选择模型", dialect: "协议", system: "系统提示词", message: "消息", messagePlaceholder: "输入问题…", send: "发送", stop: "停止", again: "重新开始", settings: "设置", stream: "流式应答", temperature: "温度", maxTokens: "最多 Token", effort: "推理强度", unsaid: "不指定", tools: "工具（JSON）", toolsHint: "使用所选协议的格式。", toolsWrong: "工具不是有效的 JSON。", efforts: { minimal: "最低", low: "低", medium: "中", high: "高" },
    reply: "应答", events: "原始事件", request: "请求", curl: "curl 命令", count: (count: string) => `${count} 个事件`, reasoning: "推理", toolCall: "工具调用", you: "你", nothing: "发送消息后，应答会显示在这里", sendHint: "Ctrl Enter 发送。",
    losses: "翻译中的损失", noLosses: "翻译没有损失", facts: { first: "首个事件", total: "耗时", input: "输入", output: "输出", finish: "结束" }, stopped: "已停止", showLive: "在“实时”中查看", waiting: "等待首个事件", noModels: "还没有可用的模型", addUpstream: "添加上游", beginning: "只显示最后的事件。", show: "显示",
  },
);

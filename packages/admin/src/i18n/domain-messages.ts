import { defineMessages } from "./define-messages.ts";

/** Words for what the house deals with, the same on every page. */
export const domainMessages = defineMessages(
  {
    dimensions: { hour: "Hour", day: "Day", user: "User", key: "Key", principal: "Principal", endpoint: "Endpoint", dialect: "Client dialect", provider: "Provider", credential: "Credential", model: "Model", upstreamModel: "Upstream model" },
    dialects: { "openai-chat": "OpenAI Chat", "openai-responses": "OpenAI Responses", "anthropic-messages": "Anthropic Messages", "gemini-generate-content": "Gemini" },
    outcomes: { succeeded: "Succeeded", failed: "Failed", cancelled: "Cancelled", running: "Running" },
    windows: { "5h": "5 hours", day: "Day", week: "Week", month: "Month", total: "Total" },
    tokens: { input: "Input", cacheRead: "Cached input", cacheWrite: "Cache write", output: "Output", reasoning: "Reasoning", total: "Tokens" },
    unknownPrice: "unknown",
    unknownPriceHint: "Nobody has said what this model costs. Unknown is not free: set a price in the configuration.",
    partlyUnknown: (count: string) => `The price of ${count} attempts is unknown; they are not in this sum.`,
    estimatedHint: (count: string) => `${count} attempts were counted here, not by the vendor.`,
    estimatedOne: "Counted here, not by the vendor.",
    nobody: "no user",
    noKey: "no stored key",
  },
  {
    dimensions: { hour: "小时", day: "日期", user: "用户", key: "密钥", principal: "主体", endpoint: "端点", dialect: "客户端协议", provider: "供应商", credential: "凭证", model: "模型", upstreamModel: "上游模型" },
    dialects: { "openai-chat": "OpenAI Chat", "openai-responses": "OpenAI Responses", "anthropic-messages": "Anthropic Messages", "gemini-generate-content": "Gemini" },
    outcomes: { succeeded: "成功", failed: "失败", cancelled: "已取消", running: "进行中" },
    windows: { "5h": "5 小时", day: "每天", week: "每周", month: "每月", total: "总计" },
    tokens: { input: "输入", cacheRead: "缓存输入", cacheWrite: "缓存写入", output: "输出", reasoning: "推理", total: "Token" },
    unknownPrice: "未知",
    unknownPriceHint: "没有此模型的价格。未知不等于免费：请在配置中设置价格。",
    partlyUnknown: (count: string) => `有 ${count} 次调用价格未知，未计入此合计。`,
    estimatedHint: (count: string) => `有 ${count} 次调用的用量由本网关估算，而非供应商统计。`,
    estimatedOne: "由本网关估算，而非供应商统计。",
    nobody: "无用户",
    noKey: "无存储密钥",
  },
);

/** The dialect as people know it. */
export function dialectName(dialects: Readonly<Record<string, string>>, id: string): string {
  return dialects[id] ?? id;
}

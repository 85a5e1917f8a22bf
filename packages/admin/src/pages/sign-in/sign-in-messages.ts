import { defineMessages } from "../../i18n/define-messages.ts";

export const signInMessages = defineMessages(
  {
    title: "Sign in",
    lead: "The management key opens this page.",
    key: "Management key",
    keyHint: "Set by remote-management.secret-key or MANAGEMENT_PASSWORD.",
    action: "Sign in",
    wrong: "That is not the management key.",
    closed: "Management is off",
    closedText: "No management key is set, so there is nothing to sign in to. Open the link that Dragoman printed when it started, or set remote-management.secret-key in config.yaml.",
  },
  {
    title: "登录",
    lead: "用管理密钥打开此页面。",
    key: "管理密钥",
    keyHint: "由 remote-management.secret-key 或 MANAGEMENT_PASSWORD 设置。",
    action: "登录",
    wrong: "管理密钥不正确。",
    closed: "管理功能未开启",
    closedText: "尚未设置管理密钥，无法登录。请打开 Dragoman 启动时打印的链接，或在 config.yaml 中设置 remote-management.secret-key。",
  },
);

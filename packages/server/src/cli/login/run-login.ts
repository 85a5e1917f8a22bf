import { setTimeout as pause } from "node:timers/promises";
import type { BegunLogin, LoginOptions, Logins, SavedLogin } from "@dragoman/gateway";
import { complain } from "../terminal.ts";
import type { Prompter } from "./prompter.ts";
import { takePastes } from "./take-pastes.ts";
import type { LoginTeller } from "./tell-login.ts";

export interface LoginWay {
  readonly options: LoginOptions;
  /** Show the address only. */
  readonly noBrowser: boolean;
  /** Ask for the address at once instead of listening. */
  readonly paste: boolean;
}

export interface LoginTools {
  readonly logins: Logins;
  readonly prompter: Prompter;
  readonly teller: LoginTeller;
  openBrowser(url: string): Promise<boolean>;
}

/** A browser that has not come back by then may be on another machine. */
const OFFER_AFTER_MS = 15_000;

/** Runs one login to its end. @returns `undefined` when it was given up by Ctrl-C @throws AccountError, CallbackPortTaken */
export async function runLogin(kind: string, way: LoginWay, { logins, prompter, teller, openBrowser }: LoginTools): Promise<SavedLogin | undefined> {
  const login = await logins.begin(kind, { ...way.options, listens: !way.paste, tell: (text) => teller.progress(text) });
  const asking = new AbortController();
  let isGivenUp = false;
  const interrupt = (): void => {
    isGivenUp = true;
    login.cancel();
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    if (login.url !== undefined) teller.begun(login, { opened: !way.noBrowser && !way.paste && (await openBrowser(login.url)) });
    if (login.device === undefined && login.url !== undefined) void offerPaste(login, { prompter, signal: asking.signal, atOnce: way.paste });
    return await login.finished;
  } catch (error) {
    if (isGivenUp) return undefined;
    throw error;
  } finally {
    asking.abort();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

interface PasteOffer {
  readonly prompter: Prompter;
  readonly signal: AbortSignal;
  readonly atOnce: boolean;
}

/** Only where somebody can answer: a person, or whoever asked for it. */
async function offerPaste(login: BegunLogin, { prompter, signal, atOnce }: PasteOffer): Promise<void> {
  if (!atOnce) {
    if (!prompter.isPerson) return;
    await pause(OFFER_AFTER_MS, undefined, { signal }).catch(() => undefined);
  }
  if (signal.aborted) return;
  await takePastes(login, { ask: (question) => prompter.ask(question, signal), complain });
}

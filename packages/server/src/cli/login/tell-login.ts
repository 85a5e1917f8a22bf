import type { BegunLogin, SavedLogin } from "@dragoman/gateway";
import { bold, complain, cyan, dim, green, print } from "../terminal.ts";
import { qrCode } from "./qr-code.ts";

/** What is said during a login. */
export interface LoginTeller {
  begun(login: BegunLogin, how: { readonly opened: boolean }): void;
  progress(text: string): void;
  saved(login: SavedLogin, title: string): void;
}

/** For people. */
export function tellPeople(): LoginTeller {
  return {
    begun(login, { opened }) {
      if (login.device !== undefined) tellDevice(login, opened);
      else tellBrowser(login, opened);
    },
    progress: (text) => complain(dim(text)),
    saved({ file, label }, title) {
      print(`${green("logged in")} ${bold(label)} (${title}), stored as ${file}`);
      complain(dim("A running gateway takes it up by itself; `dragoman models` lists what it offers."));
    },
  };
}

/** One JSON object a line, for programs. */
export function tellPrograms(): LoginTeller {
  const line = (event: string, members: object): void => print(JSON.stringify({ event, ...members }));
  return {
    begun: ({ kind, url, state, device, callbackPort }, { opened }) => line("begun", { kind, url, state, ...(device !== undefined && { userCode: device.userCode, expiresInSeconds: Math.round(device.expiresInMs / 1000) }), callbackPort, opened }),
    progress: (text) => line("progress", { text }),
    saved: (login) => line("saved", login),
  };
}

function tellBrowser({ url = "", callbackPort, redirectUri }: BegunLogin, opened: boolean): void {
  complain(opened ? "Log in in the browser that was opened. If none has come up, open this address:" : "Open this address in a browser and log in:");
  complain(`\n  ${cyan(url)}\n`);
  if (opened || callbackPort === undefined || redirectUri === undefined) return;
  complain("If the browser is on another machine, forward its port to this one first, from there:");
  complain(`\n  ${cyan(`ssh -L ${new URL(redirectUri).port}:127.0.0.1:${callbackPort} ${process.env.USER ?? "USER"}@HOST -p 22`)}\n`);
}

function tellDevice({ url = "", device }: BegunLogin, opened: boolean): void {
  complain(opened ? "Confirm the login in the browser that was opened, or open this address on any device:" : "Open this address on any device and confirm the login:");
  complain(`\n  ${cyan(url)}\n`);
  if (process.stderr.isTTY === true) complain(`${qrCode(url)}\n`);
  if (device === undefined) return;
  if (device.userCode !== "") complain(`Code: ${bold(device.userCode)}`);
  complain(dim(`It is good for ${Math.round(device.expiresInMs / 60_000)} minutes. Waiting.`));
}

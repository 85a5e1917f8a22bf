import { spawn } from "node:child_process";

type Environment = Readonly<Record<string, string | undefined>>;

/** A program that cannot show a page says so within this time. */
const REFUSAL_MS = 1000;

/** Shows an address to the person. @returns whether a browser seems to have been opened */
export async function openBrowser(url: string, environment: Environment = process.env): Promise<boolean> {
  for (const [program, ...words] of browserCommands(url, environment)) {
    if (program !== undefined && (await starts(program, words))) return true;
  }
  return false;
}

function browserCommands(url: string, environment: Environment): readonly (readonly string[])[] {
  const own = (environment.BROWSER ?? "").split(":").filter((command) => command.trim() !== "").map((command) => {
    const words = command.trim().split(/\s+/);
    return words.some((word) => word.includes("%s")) ? words.map((word) => word.replaceAll("%s", url)) : [...words, url];
  });
  if (process.platform === "darwin") return [...own, ["open", url]];
  if (process.platform === "win32") return [...own, ["rundll32", "url.dll,FileProtocolHandler", url]];
  // Without a display xdg-open would start a text browser in this terminal.
  const hasDisplay = [environment.DISPLAY, environment.WAYLAND_DISPLAY, environment.WSL_DISTRO_NAME].some((name) => name !== undefined && name !== "");
  return hasDisplay ? [...own, ["xdg-open", url], ["wslview", url]] : own;
}

function starts(program: string, words: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, [...words], { stdio: "ignore", detached: true });
    const timer = setTimeout(() => resolve(true), REFUSAL_MS);
    const end = (opened: boolean): void => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.once("error", () => end(false));
    child.once("exit", (code) => end(code === 0));
    child.unref();
  });
}

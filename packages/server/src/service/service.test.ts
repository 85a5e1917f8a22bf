import { describe, expect, test } from "bun:test";
import { launchdPlist } from "./launchd.ts";
import { serviceFor } from "./service-for.ts";
import type { ServicePlan } from "./service-plan.ts";
import { systemdUnit } from "./systemd.ts";

const PLAN: ServicePlan = {
  command: ["/opt/my tools/dragoman", "serve", "--config", "/etc/100%/a$b.yaml"],
  directory: "/home/someone/.dragoman",
  writable: ["/home/someone/log ins"],
  environment: { DRAGOMAN_HOME: "/home/someone/.dragoman" },
};

/** The settings of a unit, by name; the last one of a name. */
const settings = (unit: string): Readonly<Record<string, string>> =>
  Object.fromEntries(unit.split("\n").filter((line) => line.includes("=")).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));

describe("systemd", () => {
  test("words that mean something to systemd are written so that they do not", () => {
    expect(settings(systemdUnit(PLAN, false)).ExecStart).toBe('"/opt/my tools/dragoman" serve --config "/etc/100%%/a$$b.yaml"');
  });

  test("only its own places can be written to", () => {
    expect(settings(systemdUnit(PLAN, false))).toMatchObject({
      NoNewPrivileges: "yes", ProtectSystem: "strict", ReadWritePaths: '/home/someone/.dragoman "-/home/someone/log ins"', UMask: "0077", WantedBy: "default.target",
    });
  });

  test("a service of the machine has an account of its own and no capabilities", () => {
    const unit = settings(systemdUnit({ ...PLAN, user: "gateway" }, true));
    expect(unit).toMatchObject({ User: "gateway", CapabilityBoundingSet: "", WantedBy: "multi-user.target" });
    expect(settings(systemdUnit(PLAN, false))).not.toHaveProperty("User");
  });

  test("a person's unit is in their home, and they are told that it ends when they log out", () => {
    const service = serviceFor(PLAN, false, { platform: "linux", home: "/home/someone", userId: 1000 });
    expect(service.path).toBe("/home/someone/.config/systemd/user/dragoman.service");
    expect(service.start.at(-1)).toEqual(["systemctl", "--user", "enable", "--now", "dragoman.service"]);
    expect(service.hints.join(" ")).toContain("loginctl enable-linger");
    expect(serviceFor(PLAN, true, { platform: "linux", home: "/root", userId: 0 })).toMatchObject({ path: "/etc/systemd/system/dragoman.service", hints: [] });
  });
});

describe("launchd", () => {
  const elements = (text: string): readonly string[] => {
    const open: string[] = [];
    const seen: string[] = [];
    for (const [, closing = "", name = "", empty = ""] of text.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
      if (closing === "/") expect(open.pop()).toBe(name);
      else if (empty === "") open.push(name);
      seen.push(name);
    }
    expect(open).toEqual([]);
    return seen;
  };

  test("the property list is well formed, whatever the paths hold", () => {
    const text = launchdPlist({ ...PLAN, command: ["/opt/a & b/<dragoman>", "serve"] });
    expect(elements(text.slice(text.indexOf("<plist")))).toContain("dict");
    expect(text).toContain("<string>/opt/a &amp; b/&lt;dragoman&gt;</string>");
  });

  test("what it writes is its owner's alone, and it comes back when it fails", () => {
    const text = launchdPlist(PLAN);
    expect(text).toContain(`<key>Umask</key><integer>${0o77}</integer>`);
    expect(text).toContain("<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>");
    expect(text).not.toContain("UserName");
  });

  test("an agent belongs to a person, a daemon to the machine", () => {
    const agent = serviceFor(PLAN, false, { platform: "darwin", home: "/Users/someone", userId: 501 });
    expect(agent.start).toEqual([["launchctl", "bootstrap", "gui/501", "/Users/someone/Library/LaunchAgents/dev.dragoman.gateway.plist"]]);
    expect(serviceFor(PLAN, true, { platform: "darwin", home: "/var/root", userId: 0 }).stop).toEqual([["launchctl", "bootout", "system/dev.dragoman.gateway"]]);
  });
});

test("where no service is made, the words that start it are told", () => {
  const on = (platform: NodeJS.Platform) => () => serviceFor(PLAN, false, { platform, home: "/home/someone", userId: 1 });
  expect(on("win32")).toThrow('schtasks /Create /TN Dragoman /SC ONLOGON /TR "\\"/opt/my tools/dragoman\\" serve');
  expect(on("freebsd")).toThrow("/opt/my tools/dragoman serve");
});

import "./app/usable-language.ts";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { applyTheme } from "./theme/theme.tsx";

applyTheme();
// The page is also served under the name that other management pages have.
if (!location.pathname.startsWith("/admin")) history.replaceState(null, "", `/admin/${location.hash}`);

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);

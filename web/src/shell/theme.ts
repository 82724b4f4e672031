// The script that runs before the first paint knows the same key.
const key = "aims-theme";

export type Theme = "light" | "dark" | "system";

export const themes: readonly Theme[] = ["light", "dark", "system"];

/** What this browser was told; the system decides until then. */
export function readTheme(): Theme {
  const chosen = localStorage.getItem(key);
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(key);
  else localStorage.setItem(key, theme);
  showTheme();
}

/** Follows the system while nothing else was chosen. */
export function watchSystemTheme(): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", showTheme);
  return () => dark.removeEventListener("change", showTheme);
}

function showTheme(): void {
  const theme = readTheme();
  const isDark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
}

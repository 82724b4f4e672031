// Runs before the first paint; src/shell/theme.ts knows the same key.
{
  const chosen = localStorage.getItem("aims-theme");
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

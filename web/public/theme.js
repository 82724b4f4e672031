// Runs before the first paint; web/src/shell/theme.ts knows the same key.
(function () {
  var chosen = localStorage.getItem("aims-theme");
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();

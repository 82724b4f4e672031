import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "./tokens.css";
import "./base.css";
import "./shell/shell.css";
import "./parts.css";
import "./print.css";
import { client, router } from "./router.ts";

const place = document.getElementById("app");
if (!place) throw new Error("The page has no place for the application");
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

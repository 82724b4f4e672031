import { changeAccount, invitePerson, listAccounts, signOutPerson } from "./account.ts";
import { readBoard, readHome, readNode } from "./board.ts";
import type { Endpoint } from "./endpoint.ts";
import { listKinds, readKind, readNewDeeds } from "./kind.ts";
import {
  listEntries,
  publishCheckpoint,
  readCheckpoint,
  readConsistency,
  readLedger,
  readOpenings,
  readProof,
  readTile,
  verifyLedger,
} from "./ledger.ts";
import { createRecord, doDeed, findRecord, listRecords, readHistory, readRecord, searchAll } from "./record.ts";
import { letDaysPass, readApiDocs, readApiDocument, readHealth } from "./service.ts";
import {
  acceptInvitation,
  changePassword,
  confirmPassword,
  createToken,
  listSignInChoices,
  listTokens,
  readInvitation,
  readSession,
  revokeToken,
  signIn,
  signOut,
} from "./session.ts";
import { applyFiles, exportRecords } from "./transfer.ts";

/** Every endpoint of the API, in the order in which the documentation tells about them. */
export const api = [
  listSignInChoices,
  signIn,
  readSession,
  signOut,
  confirmPassword,
  changePassword,
  readInvitation,
  acceptInvitation,
  listTokens,
  createToken,
  revokeToken,
  readHome,
  readBoard,
  readNode,
  listRecords,
  createRecord,
  readRecord,
  readHistory,
  doDeed,
  findRecord,
  searchAll,
  listKinds,
  readKind,
  readNewDeeds,
  readLedger,
  listEntries,
  readCheckpoint,
  publishCheckpoint,
  readTile,
  readProof,
  readConsistency,
  readOpenings,
  verifyLedger,
  exportRecords,
  applyFiles,
  listAccounts,
  invitePerson,
  changeAccount,
  signOutPerson,
  readHealth,
  readApiDocument,
  readApiDocs,
  letDaysPass,
] as const satisfies readonly Endpoint[];

/** The name of an endpoint. A server that leaves one out does not compile. */
export type EndpointName = (typeof api)[number]["name"];

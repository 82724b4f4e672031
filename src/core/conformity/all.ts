// Written by scripts/gather.mjs from the files beside it. Do not edit.
import type { Check } from "./check.ts";
import * as access from "./checks/access.ts";
import * as auditing from "./checks/auditing.ts";
import * as awareness from "./checks/awareness.ts";
import * as change from "./checks/change.ts";
import * as communication from "./checks/communication.ts";
import * as competence from "./checks/competence.ts";
import * as concern_channel from "./checks/concern-channel.ts";
import * as concerns from "./checks/concerns.ts";
import * as context from "./checks/context.ts";
import * as data_for_ai from "./checks/data-for-ai.ts";
import * as documents from "./checks/documents.ts";
import * as images from "./checks/images.ts";
import * as impact from "./checks/impact.ts";
import * as improving from "./checks/improving.ts";
import * as leadership from "./checks/leadership.ts";
import * as management_review from "./checks/management-review.ts";
import * as measuring from "./checks/measuring.ts";
import * as nonconformity from "./checks/nonconformity.ts";
import * as objective from "./checks/objective.ts";
import * as operating from "./checks/operating.ts";
import * as parties from "./checks/parties.ts";
import * as policy from "./checks/policy.ts";
import * as processes from "./checks/processes.ts";
import * as releasing from "./checks/releasing.ts";
import * as reporting_to_outsiders from "./checks/reporting-to-outsiders.ts";
import * as required_information from "./checks/required-information.ts";
import * as resources from "./checks/resources.ts";
import * as resources_of_systems from "./checks/resources-of-systems.ts";
import * as risk from "./checks/risk.ts";
import * as roles from "./checks/roles.ts";
import * as scope from "./checks/scope.ts";
import * as soa from "./checks/soa.ts";
import * as suppliers from "./checks/suppliers.ts";
import * as system_documents from "./checks/system-documents.ts";
import * as system_operation from "./checks/system-operation.ts";
import * as treatment from "./checks/treatment.ts";

/** Every check of the catalogue, in the order of its files. */
export const checks: readonly Check[] = [
  ...access.checks,
  ...auditing.checks,
  ...awareness.checks,
  ...change.checks,
  ...communication.checks,
  ...competence.checks,
  ...concern_channel.checks,
  ...concerns.checks,
  ...context.checks,
  ...data_for_ai.checks,
  ...documents.checks,
  ...images.checks,
  ...impact.checks,
  ...improving.checks,
  ...leadership.checks,
  ...management_review.checks,
  ...measuring.checks,
  ...nonconformity.checks,
  ...objective.checks,
  ...operating.checks,
  ...parties.checks,
  ...policy.checks,
  ...processes.checks,
  ...releasing.checks,
  ...reporting_to_outsiders.checks,
  ...required_information.checks,
  ...resources.checks,
  ...resources_of_systems.checks,
  ...risk.checks,
  ...roles.checks,
  ...scope.checks,
  ...soa.checks,
  ...suppliers.checks,
  ...system_documents.checks,
  ...system_operation.checks,
  ...treatment.checks,
];

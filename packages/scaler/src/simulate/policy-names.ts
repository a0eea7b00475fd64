import {
  articlePolicy,
  awsPolicy,
  hpaPolicy,
  kedaPolicy,
  knativePolicy,
  rayServePolicy,
  type PolicyFactory,
} from './baseline-policies.ts';
import { objectivePolicy } from './slo-policy.ts';

type Reacting =
  | 'hpa'
  | 'keda'
  | 'knative-kpa'
  | 'ray-serve'
  | 'aws-target-tracking'
  | 'article'
  | 'slo'
  | 'cost-optimize';

/** Policies that react; each starts anew in every run. */
export const reactingPolicies: Readonly<Record<Reacting, PolicyFactory>> = {
  hpa: hpaPolicy(0.8),
  keda: kedaPolicy(0.8),
  'knative-kpa': knativePolicy(),
  'ray-serve': rayServePolicy(),
  'aws-target-tracking': awsPolicy(0.8),
  article: articlePolicy(),
  slo: objectivePolicy('slo'),
  'cost-optimize': objectivePolicy('cost-optimize'),
};

/** Replicas that are planned for the whole trace, by one who knows it beforehand. */
const plannedPolicies = ['static-peak', 'oracle', 'oracle-p99.9'] as const;

/** Name of a policy of the simulator; `threshold` is the rule of the configuration that is given. */
export type PolicyName = (typeof plannedPolicies)[number] | Reacting | 'threshold';

/** Every policy that needs no configuration, in the order of the table. */
export const policyNames: readonly PolicyName[] = [
  ...plannedPolicies,
  ...(Object.keys(reactingPolicies) as Reacting[]),
];

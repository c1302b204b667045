/** Who answers for a promise, the nearer first: 值班长, 单位负责人, 分管领导. Who they are is data, by area: `/duty-persons`. */
export const ROLES = ['shift_leader', 'unit_manager', 'director'] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_NAMES: Readonly<Record<Role, { zh: string; en: string }>> = {
  shift_leader: { zh: '值班长', en: 'shift leader' },
  unit_manager: { zh: '单位负责人', en: 'manager of the unit' },
  director: { zh: '分管领导', en: 'director' },
};

interface EscalationRule {
  kind: string;
  stage: string;
  role: Role;
}

/** The role to which a stage is taken; null = nobody. A line for the kind itself comes before one for all (`*`). */
export function roleFor(kind: string, stage: string, rules: readonly EscalationRule[]): Role | null {
  const ofStage = rules.filter((rule) => rule.stage === stage);
  return (ofStage.find((rule) => rule.kind === kind) ?? ofStage.find((rule) => rule.kind === '*'))?.role ?? null;
}

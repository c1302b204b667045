-- Whether an action helped is judged once the hours after it have been measured, and told; what readings say later is computed when it is
-- read. An action recorded in error is withdrawn with its reason, and stays to be seen.
alter table corrective_action
  add judged_at         timestamptz,
  add judgement         jsonb,  -- {verdict, reason, reasonEn, before, after}, as it was told
  add withdrawn_at      timestamptz,
  add withdrawn_by      text,
  add withdrawal_reason text,
  drop constraint corrective_action_transformer_id_kind_acted_at_key;
create unique index corrective_action_once on corrective_action (transformer_id, kind, acted_at) where withdrawn_at is null;

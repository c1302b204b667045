-- A promise that begins anew (a repair that the customer says is not done) runs in rounds, one after the other; the clocks and receipts of
-- each stay.
alter table deadline
  add column round smallint not null default 1,
  drop constraint deadline_kind_subject_type_subject_id_stage_key,
  add constraint deadline_once unique (kind, subject_type, subject_id, stage, round);

-- A message goes to a customer, or to one of the staff: `staff` names unit and person.
alter table notice
  alter column customer_id drop not null,
  add column staff text,
  add constraint notice_to check ((customer_id is null) <> (staff is null));

-- `kept`: what was taken for a broken promise turned out to have been kept.
alter table supervision_order
  drop constraint supervision_order_closed_on_check,
  add constraint supervision_order_closed_on_check check (closed_on in ('measured', 'word', 'kept'));

-- Who was called or written to in a step of collection, and what proves it.
alter table dunning_step
  add contact_id bigint references customer_contact,  -- null = the customer itself, or not said
  add phone      text,                                -- the number as it was then
  add proof      text not null default '',            -- number of a message, a recording, a receipt
  drop constraint dunning_step_result,
  add constraint dunning_step_result check
    (result in ('reached', 'promised', 'delivered', 'refused', 'not_reached', 'wrong_contact', 'unclassified', 'sending'));

-- Steps with what came of them: one that the service sends itself ('sending') is what became of its notice.
create view dunning_fact as
  select s.id, s.customer_id, s.external_id, s.stage, coalesce(n.sent_at, s.at) as at, s.by, s.note, s.promised_on, s.contact_id,
         s.phone, s.proof, n.id as notice_id,
         case when s.result <> 'sending' then s.result
              when n.state in ('accepted', 'delivered') then case n.channel when 'sms' then 'delivered' else 'reached' end
              when n.state in ('failed', 'cancelled') or n.channel = 'call_list' then 'not_reached'
              else s.result end as result
  from dunning_step s left join notice n on n.event_type = 'dunning_step' and n.event_id = s.id and s.result = 'sending';

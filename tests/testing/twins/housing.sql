-- An invented housing system. Everybody in it is made up.
-- cast: child=K1 twin=K2 same_surname=K3 same_birthday=K10 sibling=K5 merged=K6
-- facts: given=Aisha family=Khan born=2014-05-17 nhs_number=9990000018 postcode=NB14QT uprn=100023336956
create table tenant (
  tenant_id text primary key, forename text, surname text, dob text, sex text, nhs_no text, addr1 text, postcode text,
  uprn text, merged_into text, last_viewed text);
insert into tenant values
  ('K1', 'Aisha', 'Khan', '17/05/2014', 'F', '9990000018', '14 Mill Lane', 'NB1 4QT', '100023336956', null, null),
  ('K2', 'Amina', 'Khan', '17/05/2014', 'F', '9990000026', '14 Mill Lane', 'NB1 4QT', '100023336956', null, null),
  ('K3', 'Aisha', 'Khan', '02/11/2014', 'F', '9990000034', '2 High Street', 'NB1 1AA', '100023336001', null, null),
  ('K10', 'Oliver', 'Stone', '17/05/2014', 'M', '9990000042', '9 Quarry View', 'NB2 7PP', '100023336002', null, null),
  ('K5', 'Bilal', 'Khan', '09/03/2012', 'M', '9990000050', '14 Mill Lane', 'NB1 4QT', '100023336956', null, null),
  ('K6', 'Aisha', 'Khan', '17/05/2014', 'F', null, '31 Canal Walk', 'NB3 2LW', '100023336003', 'K1', null),
  ('P9', 'Mary', 'O''Brien', '31/02/1980', 'F', null, '31 Canal Walk', 'NB3 2LW', '100023336003', null, null);
create table tenancy (
  tenancy_id text primary key, tenant_id text, started text, ended text, addr1 text, postcode text, uprn text,
  tenure_code text);
insert into tenancy values
  ('T1', 'K1', '2018-04-01', '2022-08-31', '31 Canal Walk', 'NB3 2LW', '100023336003', 'AST'),
  ('T2', 'K1', '2022-09-01', null, '14 Mill Lane', 'NB1 4QT', '100023336956', 'SEC'),
  ('T3', 'K2', '2022-09-01', null, '14 Mill Lane', 'NB1 4QT', '100023336956', 'SEC'),
  ('T4', 'K10', '2019-01-07', null, '9 Quarry View', 'NB2 7PP', '100023336002', 'SEC'),
  ('T5', 'K6', '2016-05-02', '2018-03-31', '31 Canal Walk', 'NB3 2LW', '100023336003', 'AST');
create table asb_case (
  case_id text primary key, tenant_id text, opened text, closed text, kind_code text, severity text, summary text,
  notes text, officer text, confidential text);
insert into asb_case values
  ('A1', 'K1', '2023-02-11', '2023-03-01', 'NOI', 'L', 'Shouting at night', 'Neighbour rang twice', 'R. Orr', 'x'),
  ('A2', 'K1', '2025-06-30', null, 'DAM', 'H', 'Front door kicked in', 'Door made safe', 'R. Orr', 'x'),
  ('A3', 'K5', '2024-02-02', '2024-04-02', 'NOI', 'L', 'Football in the stairwell', '', 'S. Hale', 'x'),
  ('A4', 'K3', '2024-02-02', '2024-04-02', 'NOI', 'M', 'Loud music', '', 'S. Hale', 'x');
create table homelessness (
  application_id text primary key, tenant_id text, applied_at text, decided_on text, reason text, outcome_code text);
insert into homelessness values
  ('H1', 'K1', '2022-06-30T23:30:00Z', '12/08/2022', 'Asked to leave by family', 'MD'),
  ('H2', 'K1', '2021-11-05T10:00:00Z', '01/12/2021', 'End of tenancy', 'NP'),
  ('H3', 'K5', '2022-06-30T23:30:00Z', '12/08/2022', 'Asked to leave by family', 'MD'),
  ('H4', 'K2', '2023-01-09T09:15:00Z', null, 'Overcrowded', 'PD');

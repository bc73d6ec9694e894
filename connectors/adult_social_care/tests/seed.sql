-- A small synthetic adult social care system. Nobody in it exists. The person asked about is grown up.
-- cast: child=K1 twin=K2 same_surname=K3 same_birthday=K4 sibling=K5
-- facts: given=Samira family=Khan born=1988-11-02 nhs_number=9990000018 postcode=NB14QT uprn=100023336956 former_names=Malik
create table asc_person(person_id text primary key, forename text, surname text, former_surname text, dob text, sex text,
  died_on text, nhs_number text, ni_number text, line1 text, postcode text, uprn text, flag text not null);
create table asc_worker(worker_id text primary key, full_name text, job text, telephone text);
create table asc_service(service_id text primary key, person_id text, opened_on text, closed_on text,
  last_contact_on text, reason_code text, team text, worker_id text, weekly_cost text);
create table asc_carer(carer_id text primary key, person_id text, carer_person_id text, from_date text, to_date text);
create table asc_safeguarding(concern_id text primary key, person_id text, raised_on text, closed_on text,
  abuse_code text, decision_code text, outcome text);
insert into asc_person values
  ('K1', 'Samira', 'Khan', 'Malik', '1988-11-02', 'F', null, '9990000018', 'QQ123456C', '14 Mill Lane', 'NB1 4QT', '100023336956', 'NONE'),
  ('K2', 'Salma', 'KHAN', 'Malik', '1988-11-02', 'F', null, '', null, '14 Mill Lane', 'NB1 4QT', '100023336956', 'NONE'),
  ('K3', 'Samira', 'Khan', 'Malik', '1971-01-05', 'F', null, '', null, '2 High Street', 'NB2 1AA', '100023330001', 'NONE'),
  ('K4', 'Oliver', 'Stone', null, '1988-11-02', 'M', null, '', null, '3 High Street', 'NB3 1AA', '100023330002', 'NONE'),
  ('K5', 'Imran', 'Khan', 'Malik', '1991-09-01', 'M', null, '', null, '14 Mill Lane', 'NB1 4QT', '100023336956', 'NONE'),
  ('G1', 'Halima', 'Malik', null, '1951-03-04', 'F', '2025-12-24', '', null, '14 Mill Lane', 'NB1 4QT', '100023336956', 'NONE'),
  ('P1', 'Kept', 'Away', null, '1960-06-06', 'F', null, '', null, '', '', '', 'PROT');
insert into asc_worker values ('W1', 'Tom Ashe', 'social worker', '01632 960430');
insert into asc_service values
  ('1', 'K1', '2016-02-01', '2016-12-20', '2016-12-18', 'MH', 'Mental health team', 'W1', '120.50'),
  ('2', 'K1', '2024-03-01', null, '2026-09-30', 'CAR', 'Carers team', null, null),
  ('3', 'K4', '2024-03-01', null, null, 'PHY', 'North team', 'W1', null);
insert into asc_carer values
  ('1', 'G1', 'K1', '2015-01-01', '2015-12-24'), ('2', 'G1', 'K1', '2023-06-01', null), ('3', 'P1', 'K1', '2020-01-01', null);
insert into asc_safeguarding values
  ('1', 'K1', '2017-05-05', '2017-06-30', 'DA', 'S42', 'Risk reduced'),
  ('2', 'K1', '2025-01-10', null, 'FIN', 'NONE', null), ('3', 'K4', '2025-01-10', null, 'NEG', 'S42', null);

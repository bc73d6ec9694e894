-- A small synthetic early help system in the shape of EHM. Nobody in it exists.
-- cast: child=K1 twin=K2 same_surname=K3 same_birthday=K4 sibling=K5
-- facts: given=Aisha family=Khan born=2014-05-17 nhs_number=9990000018 upn=A999000000018 postcode=NB14QT uprn=100023336956
create table eh_person(person_id text primary key, forename text, surname text, dob text, gender text, nhs_number text,
  upn text, line1 text, postcode text, uprn text, flag text);
create table eh_worker(worker_id text primary key, full_name text, job text, telephone text);
create table eh_episode(episode_id text primary key, started_on text, ended_on text, reason_code text,
  end_reason_code text, organisation text, lead_practitioner_id text);
create table eh_episode_member(episode_id text, person_id text);
create table eh_meeting(meeting_id text primary key, episode_id text, held_on text, summary text, outcome text);
insert into eh_person values
  ('K1', 'Aisha', 'Khan', '2014-05-17', 'F', '9990000018', 'A999000000018', '14 Mill Lane', 'NB1 4QT', '100023336956', 'NONE'),
  ('K2', 'Amina', 'KHAN', '2014-05-17', 'F', '', '', '14 Mill Lane', 'NB1 4QT', '100023336956', ''),
  ('K3', 'Aisha', 'Khan', '2012-01-05', 'F', '', '', '2 High Street', 'NB2 1AA', '100023330001', ''),
  ('K4', 'Oliver', 'Stone', '2014-05-17', 'M', '', '', '3 High Street', 'NB3 1AA', '100023330002', ''),
  ('K5', 'Imran', 'Khan', '2016-09-01', 'M', '', '', '14 Mill Lane', 'NB1 4QT', '100023336956', ''),
  ('L1', 'Robin', 'Locked', '2015-01-01', 'U', '', 'B999000000022', '', '', '', 'LOCK');
insert into eh_worker values ('W1', 'Priya Nair', 'family worker', '01632 960420');
insert into eh_episode values
  ('1', '2019-02-01', '2019-09-30', 'PAR', 'MET', 'Family hub North', 'W1'),
  ('2', '2023-09-01', null, 'ATT', null, 'Targeted support', null),
  ('3', '2024-01-01', null, 'OTH', null, 'Targeted support', 'W1');
insert into eh_episode_member values ('1', 'K1'), ('1', 'K2'), ('2', 'K1'), ('3', 'K4');
insert into eh_meeting values
  ('1', '1', '2019-04-10', 'Mother and school came.', 'Plan agreed'), ('2', '2', '2023-10-20', null, null),
  ('3', '3', '2024-02-02', 'Somebody else.', null);

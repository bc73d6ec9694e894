-- A small synthetic housing system in the county's schema, with decoys. Nobody in it exists.
-- cast: child=T2 twin=T3 same_surname=T4 same_birthday=T5 sibling=T9
-- facts: given=Aisha family=Khan born=2014-05-17 nhs_number=9434765919 uprn=100023336956
create table person(person_id text primary key, forename text, middle_names text, surname text, former_surname text,
  dob text, sex text, nhs_no text, uprn text, addr1 text, postcode text, surname_soundex text, forename_soundex text);
create table tenancy(tenancy_id text primary key, uprn text, addr1 text, postcode text, tenure text, started text,
  ended text);
create table tenancy_person(tenancy_id text, person_id text, role text, from_date text, to_date text);
create table asb_case(case_id text primary key, person_id text, opened text, closed text, kind text, summary text);
create table homelessness(case_id text primary key, person_id text, opened text, reason text, outcome text);
create table rent_account(tenancy_id text, arrears_amount text);
insert into person values
  ('T1', 'Samira', '', 'Khan', 'Malik', '02/11/1988', 'F', '9991234560', '100023336956', '14 Mill Lane', 'NB1 4QT', 'K500', 'S560'),
  ('T2', 'Aisha', 'Noor', 'KHAN', '', '17/05/2014', 'F', '943 476 5919', '100023336956', '14 Mill Lane', 'NB1 4QT', 'K500', 'A200'),
  ('T3', 'Amina', '', 'Khan', '', '17/05/2014', 'F', '', '100023336956', '14 Mill Lane', 'NB1 4QT', 'K500', 'A550'),
  ('T4', 'Aisha', '', 'Khan', '', '17/05/1974', 'F', '', '100023330001', '2 High Street', 'NB1 1AA', 'K500', 'A200'),
  ('T5', 'Oliver', '', 'Stone', '', '17/05/2014', 'M', '', '100023330002', '3 High Street', 'NB1 1AA', 'S350', 'O416'),
  ('T6', 'Dan', '', 'O''Brien', '', '09/03/1985', 'M', '', '100023336956', '14 Mill Lane', 'NB1 4QT', 'O165', 'D500'),
  ('T7', 'Zoë', '', 'Łukasz-Żuk', '', '', 'U', '999 000 0034', '', '', '', 'L220', 'Z000'),
  ('T8', 'Robert''); drop table person;--', '', 'Khan', '', '31/02/2010', 'M', '', '', '', '', 'K500', 'R163'),
  ('T9', 'Imran', '', 'Khan', '', '09/01/2012', 'M', '', '100023336956', '14 Mill Lane', 'NB1 4QT', 'K500', 'I565');
insert into tenancy values
  ('L1', '100023336956', '14 Mill Lane', 'NB1 4QT', 'secure', '2018-02-01', ''),
  ('L2', '100023330002', '3 High Street', 'NB1 1AA', 'flexible', '2010-01-01', '');
insert into tenancy_person values
  ('L1', 'T1', 'main tenant', '2018-02-01', ''), ('L1', 'T2', 'household', '2018-02-01', ''),
  ('L1', 'T3', 'household', '2018-02-01', ''), ('L1', 'T6', 'joint tenant', '2018-02-01', '2020-06-30'),
  ('L2', 'T5', 'main tenant', '2010-01-01', ''), ('L2', 'T8', 'household', '2010-01-01', '');
insert into asb_case values
  ('C1', 'T2', '2019-07-02', '2019-09-01', 'noise', 'Shouting reported by a neighbour'),
  ('C2', 'T2', '2009-01-01', '', 'rubbish', 'Old'), ('C3', 'T5', '2024-01-01', '', 'dogs', 'Somebody else');
insert into homelessness values ('C1', 'T2', '2017-11-30', 'Domestic abuse', 'Duty accepted');
insert into rent_account values ('L1', '1234.56');

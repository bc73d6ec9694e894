-- A small synthetic database of pupils, with decoys. Nobody in it exists.
create table student(stud_id text primary key, upn text, former_upn text, nhs_no text, legal_forename text,
  middle_names text, legal_surname text, chosen_surname text, former_surname text, dob text, gender text, addr1 text,
  postcode text, uprn text, sensitive_flag text, ethnicity text, fsm_eligible text);
create table base(base_id text primary key, base_name text, dsl_name text, dsl_phone text);
create table student_base(enrol_id text primary key, stud_id text, base_id text, start_date text, end_date text,
  enrol_status text);
create table attendance(attend_id text primary key, stud_id text, start_date text, end_date text, attended_pc text,
  unauthorised_pc text);
create table exclusion(excl_id text primary key, stud_id text, start_date text, end_date text, excl_type text,
  reason text, outcome text);
create table sen_stage(sen_id text primary key, stud_id text, stage text, start_date text, end_date text);
insert into student values
  ('K1', 'A999000000018', null, '9990000018', 'Aisha', 'Noor', 'Khan', 'Malik', null, '2014-05-17', 'F', '14 Mill Lane', 'NB1 4QT', '100023336956', 'N', '', ''),
  ('K2', 'A999000000026', null, '9990000026', 'Amina', null, 'Khan', null, null, '2014-05-17', 'F', '14 Mill Lane', 'NB1 4QT', '100023336956', null, '', ''),
  ('K3', 'A999000000034', null, null, 'Aisha', null, 'Khan', null, null, '2010-01-02', 'F', '2 High Street', 'NB1 1AA', '100023330001', null, '', ''),
  ('K4', 'A999000000042', null, null, 'Oliver', null, 'Stone', null, null, '2014-05-17', 'M', '3 High Street', 'NB1 1AA', '100023330002', null, '', ''),
  ('K5', 'A999000000050', null, null, 'Sara', null, 'Khan', null, null, '2016-02-03', 'F', '14 Mill Lane', 'NB1 4QT', '100023336956', null, '', ''),
  ('K6', 'A999000000059', 'A999000000067', null, 'Rose', null, 'Adopted', null, 'Born', '2013-06-01', 'F', '', '', null, 'D', '', '');
insert into base values ('B1', 'Mill Lane Primary School', 'Jo Ashby', '01632 960501'), ('B2', 'Home education', null, null);
insert into student_base values
  ('E1', 'K1', 'B1', '2018-09-03', null, 'C'), ('E2', 'K1', 'B2', '2017-09-04', '2018-07-20', 'P'),
  ('E3', 'K2', 'B1', '2018-09-03', null, 'C'), ('E4', 'K3', 'B1', '2018-09-03', null, 'ZZ');
insert into attendance values
  ('T1', 'K1', '2023-09-04', '2024-07-19', '71.4', '12.5'), ('T2', 'K1', '2024-09-02', '2025-07-18', '88.0', '3.1'),
  ('T3', 'K2', '2024-09-02', '2025-07-18', '99', '0');
insert into exclusion values
  ('X1', 'K1', '2024-03-04', '2024-03-06', 'SUSP', 'DB', 'returned'), ('X2', 'K1', '2025-06-09', null, 'NEWTYPE', 'QQ', null),
  ('X3', 'K4', '2024-03-04', null, 'PERM', 'PP', null);
insert into sen_stage values ('S1', 'K1', 'K', '2021-01-11', null), ('S2', 'K1', 'N', '2019-09-02', '2021-01-10'), ('S3', 'K5', 'E', '2022-01-01', null);

-- A small synthetic housing system of contacts, contracts and cases, with decoys. Nobody in it exists.
create table contact(contact_ref text primary key, first_name text, middle_name text, last_name text, previous_name text,
  date_of_birth text, gender text, nhs_number text, ni_number text, address_line_1 text, postcode text, uprn text,
  alert_code text);
create table property(property_ref text primary key, uprn text, address_line_1 text, postcode text);
create table contract(contract_ref text primary key, property_ref text, contract_type text, arrears_balance text);
create table contract_party(contract_ref text, contact_ref text, party_role text, start_date text, end_date text);
create table contract_action(action_ref text primary key, contract_ref text, contact_ref text, action_code text,
  action_date text);
create table case_file(case_ref text primary key, contact_ref text, case_group text, case_type text, opened_date text,
  closed_date text, summary text, outcome text);
insert into contact values
  ('K1', 'Aisha', 'Noor', 'Khan', null, '2014-05-17', 'F', '9990000018', '', '14 Mill Lane', 'NB1 4QT', '100023336956', 'NONE'),
  ('K2', 'Amina', null, 'Khan', null, '2014-05-17', 'F', '9990000026', '', '14 Mill Lane', 'NB1 4QT', '100023336956', null),
  ('K3', 'Aisha', null, 'Khan', null, '1974-05-17', 'F', null, '', '2 High Street', 'NB1 1AA', '100023330001', null),
  ('K4', 'Oliver', null, 'Stone', 'Khan-Stone', '2014-05-17', 'M', null, '', '3 High Street', 'NB1 1AA', '100023330002', null),
  ('K5', 'Sara', null, 'Khan', null, '2016-02-03', 'F', null, '', '14 Mill Lane', 'NB1 4QT', '100023336956', null),
  ('K6', 'Samira', null, 'Khan', 'Malik', '1988-11-02', 'F', null, '', '14 Mill Lane', 'NB1 4QT', '100023336956', 'CONF'),
  ('K8', 'Tom', null, 'Lee', null, '1985-03-09', 'M', null, '', '', '', null, 'STAFF'),
  ('K7', 'Dan', null, 'Odd', null, '1985-03-09', 'M', null, '', '', '', null, 'BITES');
insert into property values ('H1', '100023336956', '14 Mill Lane', 'NB1 4QT'), ('H2', '100023330002', '3 High Street', 'NB1 1AA');
insert into contract values ('C1', 'H1', 'SEC', '812.00'), ('C2', 'H2', 'NEW', '');
insert into contract_party values
  ('C1', 'K6', 'main', '2016-02-01', null), ('C1', 'K1', 'household', '2016-02-01', null),
  ('C1', 'K8', 'joint', '2016-02-01', '2018-06-30'), ('C2', 'K4', 'main', '2010-01-01', null);
insert into contract_action values
  ('R1', 'C1', 'K1', 'NSP', '2023-03-01'), ('R2', 'C1', 'K6', 'EVI', '2024-03-01'), ('R3', 'C2', 'K4', 'NEWCODE', '2024-03-01');
insert into case_file values
  ('X1', 'K1', 'ASB', 'noise', '2019-07-02', '2019-09-01', 'Shouting reported by a neighbour', 'closed, no action'),
  ('X2', 'K1', 'HOMELESS', 'relief', '2015-11-30', '2016-02-01', 'Domestic abuse', 'duty accepted'),
  ('X3', 'K1', 'REPAIR', 'leak', '2020-01-01', null, 'Not for us', ''),
  ('X4', 'K2', 'ASB', 'noise', '2019-07-02', null, 'Somebody else', ''),
  ('X5', 'K1', 'ASB', 'rubbish', '2024-02-01', null, 'Rubbish left in the stairwell', null);

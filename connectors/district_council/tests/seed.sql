-- A small synthetic district council, with decoys. Nobody in it exists.
-- cast: child=P1 twin=P2 same_surname=P3 same_birthday=P4 sibling=P5
-- facts: given=Daniel family=Okafor born=1985-03-09 postcode=NB14QT uprn=100023336956
create table party(party_ref text primary key, forenames text, surname text, previous_surname text, dob text, sex text,
  uprn text, addr1 text, addr2 text, postcode text, disclosure_flag text, ni_number text);
create table ct_account(account_ref text primary key, uprn text, addr1 text, postcode text, arrears_amount text);
create table ct_liable(account_ref text, party_ref text, liable_from text, liable_to text);
create table hb_claim(claim_ref text primary key, uprn text, addr1 text, postcode text, income_weekly text);
create table hb_household(claim_ref text, party_ref text, relationship text, member_from text, member_to text);
create table asb_case(case_ref text primary key, party_ref text, party_role text, case_type text, opened text,
  closed text, summary text, outcome text);
insert into party values
  ('P1', 'DANIEL', 'OKAFOR', '', '09/03/1985', 'M', '100023336956', '14 Mill Lane', '', 'NB1 4QT', 'N', ''),
  ('P2', 'DARREN', 'OKAFOR', '', '09/03/1985', 'M', '100023336956', '14 Mill Lane', '', 'NB1 4QT', 'N', ''),
  ('P3', 'DANIEL', 'OKAFOR', '', '21/10/1955', 'M', '100023330001', '2 High Street', '', 'NB1 1AA', 'N', ''),
  ('P4', 'KEVIN', 'STONE', '', '09/03/1985', 'M', '100023330002', '3 High Street', '', 'NB1 1AA', 'N', ''),
  ('P5', 'RUTH', 'OKAFOR', 'MALIK', '02/02/1990', 'F', '100023336956', '14 Mill Lane', '', 'NB1 4QT', 'C', ''),
  ('P6', 'AISHA', 'O''BRIEN', '', '', 'F', '100023330009', '9 High Street', '', 'NB11AA', '', ''),
  ('P7', 'DAN', 'FLAGGED', '', '01/01/1980', 'M', '', '', '', '', 'ZZ', '');
insert into ct_account values
  ('800100', '100023336956', '14 Mill Lane', 'NB1 4QT', '611.20'), ('800101', '100023330002', '3 High Street', 'NB1 1AA', '');
insert into ct_liable values
  ('800100', 'P1', '2016-04-01', ''), ('800100', 'P5', '2018-02-01', '2021-03-31'), ('800101', 'P4', '2010-01-01', '');
insert into hb_claim values ('HB1', '100023336956', '14 Mill Lane', 'NB1 4QT', '0');
insert into hb_household values
  ('HB1', 'P1', 'claimant', '2019-06-03', '2020-01-10'), ('HB1', 'P2', 'non-dependant', '2019-06-03', '2020-01-10');
insert into asb_case values
  ('A1', 'P1', 'SUBJECT', 'NOI', '2019-07-02', '2019-09-01', 'Loud music and shouting at night', 'Warning letter'),
  ('A2', 'P1', 'COMPLAINANT', 'RUB', '2024-01-09', '', 'Rubbish left in the yard', ''),
  ('A3', 'P4', 'SUBJECT', 'DOG', '2024-01-01', '', 'Somebody else', ''),
  ('A4', 'P3', 'BYSTANDER', 'NOI', '2024-01-01', '', 'A part that nobody knows', '');

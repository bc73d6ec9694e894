-- Rows for the tables that the county gives a system in the shape of Mosaic. Nobody in it exists.
-- cast: child=K1 twin=K2 same_surname=K3 same_birthday=K4 sibling=K5
-- facts: given=Aisha family=Khan born=2014-05-17 nhs_number=9990000018 upn=A999000000018 postcode=NB14QT uprn=100023336956
insert into mo_persons values
  ('K1', '2014-05-17', null, 'F', 'OPEN'), ('K2', '2014-05-17', null, 'F', 'OPEN'),
  ('K3', '2012-01-05', null, 'F', 'OPEN'), ('K4', '2014-05-17', null, 'M', 'OPEN'),
  ('K5', '2016-09-01', null, 'M', 'OPEN'), ('M1', '1988-11-02', null, 'F', 'OPEN'),
  ('H1', '1980-02-03', null, 'F', 'ADOPT'), ('H2', '1979-08-09', null, 'M', 'HIDE'),
  ('R1', '2019-01-01', null, 'F', 'LOCK'), ('R2', '2018-01-01', null, 'M', 'NEWFLAG');
insert into mo_person_names values
  ('1', 'K1', 'DISPLAY', 'Aisha', 'Khan'), ('2', 'K2', 'DISPLAY', 'Amina', 'KHAN'),
  ('3', 'K3', 'DISPLAY', 'Aisha', 'Khan'), ('4', 'K4', 'DISPLAY', 'Oliver', 'Stone'),
  ('5', 'K5', 'DISPLAY', 'Imran', 'Khan'), ('6', 'M1', 'DISPLAY', 'Samira', 'Khan'),
  ('7', 'M1', 'PREVIOUS', 'Samira', 'Malik'), ('8', 'H1', 'DISPLAY', 'Ruth', 'Hidden'),
  ('9', 'H2', 'DISPLAY', 'Owen', 'Away'), ('10', 'R1', 'DISPLAY', 'Robin', 'Locked'),
  ('11', 'R2', 'DISPLAY', 'Nico', 'Flagged');
insert into mo_subject_references values
  ('1', 'K1', 'NHS', '999 000 0018'), ('2', 'K1', 'UPN', 'A999000000018'), ('3', 'R1', 'UPN', 'B999000000022'),
  ('4', 'R2', 'UPN', 'B999000000033');
insert into mo_addresses values
  ('1', null, '14 Mill Lane', 'North Borough', 'NB1 4QT', '100023336956'),
  ('2', 'Flat 2', '2 High Street', 'North Borough', 'NB2 1AA', '100023330001'),
  ('3', null, '3 High Street', 'North Borough', 'NB3 1AA', '100023330002'),
  ('4', null, '9 Carers Close', 'North Borough', 'NB9 9ZZ', '100023330009'),
  ('5', null, '7 Away Row', 'North Borough', 'NB7 7ZZ', '100023330007');
insert into mo_addresses_people values
  ('1', 'K1', '1', 'MAIN', '2020-02-01', null), ('2', 'K1', '4', 'PLACEMENT', '2019-05-01', '2019-06-20'),
  ('3', 'K2', '1', 'MAIN', '2020-02-01', null), ('4', 'K3', '2', 'MAIN', '2015-01-01', null),
  ('5', 'K4', '3', 'MAIN', '2015-01-01', null), ('6', 'K5', '1', 'MAIN', '2020-02-01', null),
  ('7', 'K1', '5', 'MAIN', '2016-01-01', '2020-01-31'), ('8', 'H2', '5', 'MAIN', '2016-01-01', null),
  ('9', 'K1', '3', 'MAIN', '2014-05-17', '2015-12-31');
insert into mo_relationships values
  ('1', 'M1', 'K1', 'MOTHER', '2014-05-17', null), ('2', 'H1', 'K1', 'MOTHER', '2014-05-17', null),
  ('3', 'K1', 'K2', 'SIBLING', '2014-05-17', null), ('4', 'M1', 'K2', 'MOTHER', '2014-05-17', null);
insert into mo_step_types values
  ('335', 'Contact or referral', 'REFERRAL'), ('344', 'Out-of-hours contact', 'REFERRAL'),
  ('401', 'Child and family assessment', 'ASSESSMENT'), ('410', 'Section 47 enquiry', 'ASSESSMENT'),
  ('500', 'Child in need plan', 'PLAN'), ('999', 'Blue Badge', 'OTHER');
insert into mo_group_subjects values ('G1', 'K1'), ('G1', 'K2'), ('G2', 'K1'), ('G3', 'K4');
insert into mo_workflow_steps values
  ('1', '335', 'G1', '2017-03-01', '2017-03-02', 'Police: shouting heard.', 'Assessment'),
  ('2', '344', 'G2', '2024-11-20', '2024-11-20', 'School rang in the evening.', 'Information given'),
  ('3', '401', 'G1', '2017-03-05', '2017-04-20', 'Needs of both children assessed.', 'Plan'),
  ('4', '410', 'G2', '2023-06-01', null, null, null), ('5', '500', 'G2', '2024-12-20', null, 'Fortnightly visits.', null),
  ('6', '999', 'G2', '2022-01-01', '2022-02-01', 'Parking.', 'Granted'),
  ('7', '335', 'G3', '2024-01-01', '2024-01-02', 'Somebody else.', 'None');
insert into mo_protection_plans values ('1', 'K1', 'NEG', '2017-04-25', '2018-01-05');
insert into mo_legal_statuses values ('1', 'K1', 'V2', '2019-05-01', '2019-06-20'),
  ('2', 'K1', 'V4', '2016-05-01', '2016-07-20');
insert into mo_placements values ('1', 'K1', 'U6', '2019-05-01', '2019-06-20');
insert into mo_missing_episodes values
  ('1', 'K1', '2023-07-04', '2023-07-05', 'HELD'), ('2', 'K1', '2024-02-01', '2024-02-01', 'NONE');
insert into mo_organisations values ('7', 'Assessment team North');
insert into mo_workers values ('P1', 'Dana Whitlock', '01632 960410', '7'), ('P2', 'Sam Orr', '01632 960411', null);
insert into mo_people_workers values
  ('1', 'K1', 'P1', 'Allocated worker', '2024-12-02', null), ('2', 'K1', 'P2', 'Duty worker', '2017-03-01', '2018-01-10');

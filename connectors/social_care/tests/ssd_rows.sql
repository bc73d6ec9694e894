-- Rows for the tables that the county gives the Standard Safeguarding Dataset. Nobody in it exists.
-- cast: child=K1 twin=K2 same_surname=K3 same_birthday=K4 sibling=K5
-- facts: given=Aisha family=Khan born=2014-05-17 nhs_number=9990000018 upn=A999000000018 postcode=NB14QT
insert into ssd_person(pers_person_id, pers_upn, pers_forename, pers_surname, pers_sex, pers_dob,
  pers_single_unique_id, pers_is_mother, pers_expected_dob) values
  ('K1', 'A999000000018', 'Aisha', 'Khan', 'F', '2014-05-17', '999 000 0018', null, null),
  ('K2', null, 'Amina', 'Khan', '2', '2014-05-17', null, null, null),
  ('K3', null, 'Aisha', 'Khan', 'F', '2012-01-05', null, null, null),
  ('K4', null, 'Oliver', 'Stone', 'M', '2014-05-17', null, null, null),
  ('K5', null, 'Imran', 'KHAN', 'M', '2016-09-01', null, null, null),
  ('M1', null, 'Samira', 'Khan', 'F', '1988-11-02', null, 'Y', null),
  ('E1', 'B999000000022', 'Zoë', 'Łukasz-Żuk', 'U', null, null, null, '2019-03-01');
insert into ssd_address(addr_table_id, addr_person_id, addr_address_type, addr_address_start_date,
  addr_address_postcode, addr_address_json, addr_address_end_date) values
  ('A1', 'K1', 'HOME', '2018-02-01', 'NB1 4QT', '{"ROOM": "", "FLOOR": "", "FLAT": "", "BUILDING": "", "HOUSE": "14", "STREET": "Mill Lane", "TOWN": "North Borough", "UPRN": "100023336956", "EASTING": "", "NORTHING": ""}', null),
  ('A2', 'K1', 'PLACEMENT', '2019-05-01', 'NB9 9ZZ', '{"HOUSE": "9", "STREET": "Carers Close"}', '2019-06-20'),
  ('A3', 'K2', null, '2018-02-01', 'NB1 4QT', '14, Mill Lane, North Borough, NB1 4QT', null),
  ('A4', 'K3', null, null, 'NB2 1AA', '{"HOUSE": "2", "STREET": "High Street"}', null),
  ('A5', 'K4', null, null, 'NB3 1AA', null, null),
  ('A6', 'K5', null, null, 'NB1 4QT', null, null),
  ('A7', 'M1', null, null, 'NB1 4QT', '14, Mill Lane, North Borough, NB1 4QT', null);
insert into ssd_linked_identifiers(link_table_id, link_person_id, link_identifier_type, link_identifier_value) values
  ('N1', 'K3', 'Former Unique Pupil Number', 'B999000000055');
insert into ssd_family(fami_table_id, fami_family_id, fami_person_id) values
  ('F1', '70001', 'K1'),
  ('F2', '70001', 'K1'),
  ('F3', '70001', 'K2');
insert into ssd_mother(moth_table_id, moth_person_id, moth_childs_person_id, moth_childs_dob) values
  ('T1', 'M1', 'K1', '2014-05-17'),
  ('T2', 'M1', 'K2', null);
insert into ssd_contacts(cont_contact_id, cont_person_id, cont_contact_date, cont_contact_source_code,
  cont_contact_source_desc, cont_contact_outcome_json) values
  ('1', 'K1', '2017-03-01', '6', 'Police', '{"NEW_REFERRAL_FLAG": "Y", "EXISTING_REFERRAL_FLAG": "N", "NFA_FLAG": "", "COMMENTS": "Shouting heard"}'),
  ('2', 'K1', '2024-11-20', null, 'School by telephone', 'EH Referral'),
  ('3', 'K4', '2024-11-20', '2A', null, null);
insert into ssd_cin_episodes(cine_referral_id, cine_person_id, cine_referral_date, cine_cin_primary_need_code,
  cine_referral_source_code, cine_referral_outcome_json, cine_close_date, cine_referral_team) values
  ('1', 'K1', '2017-03-02', 'N1', '6', '{"SINGLE_ASSESSMENT_FLAG": "Y", "NFA_FLAG": "N"}', '2018-01-10', 'T7'),
  ('2', 'K1', '2024-12-01', 'N4', '2A', null, null, null);
insert into ssd_cin_assessments(cina_assessment_id, cina_person_id, cina_assessment_start_date,
  cina_assessment_auth_date, cina_assessment_child_seen, cina_assessment_outcome_json) values
  ('1', 'K1', '2017-03-05', '2017-04-20', 'Y', '{"PROV_OF_SERVICES_FLAG": "Y", "COMMENTS": "They said "no""}'),
  ('2', 'K1', '2024-12-05', null, null, null);
insert into ssd_assessment_factors(cinf_table_id, cinf_assessment_id, cinf_assessment_factors_json) values
  ('1', '1', '["3B", "16A"]'),
  ('2', '2', '[]');
insert into ssd_s47_enquiry(s47e_s47_enquiry_id, s47e_person_id, s47e_s47_start_date, s47e_s47_end_date,
  s47e_s47_outcome_json) values
  ('1', 'K1', '2017-03-06', '2017-03-15', '{"CP_CONFERENCE_FLAG": "Y"}');
insert into ssd_disability(disa_table_id, disa_person_id, disa_disability_code) values
  ('1', 'K1', 'HEAR'),
  ('2', 'K2', 'NONE');
insert into ssd_initial_cp_conference(icpc_icpc_id, icpc_person_id, icpc_icpc_date, icpc_icpc_outcome_cp_flag,
  icpc_icpc_outcome_json) values
  ('1', 'K1', '2017-03-25', 'Y', '{"CP_FLAG": "Y"}');
insert into ssd_cp_plans(cppl_cp_plan_id, cppl_person_id, cppl_cp_plan_start_date, cppl_cp_plan_end_date,
  cppl_cp_plan_initial_category, cppl_cp_plan_latest_category) values
  ('1', 'K1', '2017-03-25', '2018-01-05', 'NEG', 'EMO');
insert into ssd_cp_visits(cppv_cp_visit_id, cppv_person_id, cppv_cp_visit_date, cppv_cp_visit_seen_alone) values
  ('1', 'K1', '2017-04-10', 'Y');
insert into ssd_cp_reviews(cppr_cp_review_id, cppr_person_id, cppr_cp_review_date,
  cppr_cp_review_outcome_continue_cp) values
  ('1', 'K1', '2017-06-20', 'Y');
insert into ssd_cin_plans(cinp_cin_plan_id, cinp_person_id, cinp_cin_plan_start_date, cinp_cin_plan_worker_id) values
  ('1', 'K1', '2024-12-20', 'P1');
insert into ssd_cin_visits(cinv_cin_visit_id, cinv_person_id, cinv_cin_visit_date, cinv_cin_visit_seen_alone) values
  ('1', 'K1', '2025-01-10', 'N');
insert into ssd_pre_proceedings(prep_table_id, prep_person_id, prep_pre_pro_decision_date,
  prep_agree_stepdown_issue_date, prep_legal_gateway_outcome, prep_pre_pro_outcome, prep_court_reference) values
  ('1', 'K1', '2017-10-01', '2017-12-15', 'Enter pre-proceedings', 'Stepped down', 'NB17C00001');
insert into ssd_cla_episodes(clae_cla_episode_id, clae_person_id, clae_cla_episode_start_date,
  clae_cla_episode_start_reason, clae_cla_episode_ceased_date, clae_cla_episode_ceased_reason) values
  ('1', 'K1', '2019-05-01', 'S', '2019-06-20', 'E4A');
insert into ssd_legal_status(lega_legal_status_id, lega_person_id, lega_legal_status, lega_legal_status_start_date,
  lega_legal_status_end_date) values
  ('1', 'K1', 'V2', '2019-05-01', '2019-06-20');
insert into ssd_cla_placement(clap_cla_placement_id, clap_person_id, clap_cla_placement_start_date,
  clap_cla_placement_end_date, clap_cla_placement_type, clap_cla_placement_postcode,
  clap_cla_placement_provider) values
  ('1', 'K1', '2019-05-01', '2019-06-20', 'U6', 'NB9 9ZZ', 'PR1');
insert into ssd_missing(miss_table_id, miss_person_id, miss_missing_episode_start_date,
  miss_missing_episode_end_date, miss_missing_episode_type, miss_missing_rhi_offered,
  miss_missing_rhi_accepted) values
  ('1', 'K1', '2023-07-04 21:00', '2023-07-05 00:30', 'M', 'Y', 'N'),
  ('2', 'K1', '2024-02-01 18:10', '2024-02-01 22:00', 'A', 'N', null);
insert into ssd_professionals(prof_professional_id, prof_staff_id, prof_professional_name,
  prof_social_worker_registration_no, prof_professional_job_title) values
  ('P1', 'S1', 'Dana Whitlock', 'SW000001', 'Social worker');
insert into ssd_department(dept_team_id, dept_team_name) values
  ('T7', 'Assessment team North');
insert into ssd_involvements(invo_involvements_id, invo_professional_id, invo_professional_role_id,
  invo_professional_team, invo_person_id, invo_involvement_start_date, invo_involvement_end_date) values
  ('1', 'P1', 'Allocated worker', 'T7', 'K1', '2024-12-02', null),
  ('2', 'P9', null, 'Leaving care', 'K1', '2017-03-01', '2018-01-10');
insert into ssd_early_help_episodes(earl_episode_id, earl_person_id, earl_episode_start_date, earl_episode_end_date,
  earl_episode_reason, earl_episode_end_reason, earl_episode_organisation, earl_episode_worker_id) values
  ('1', 'K1', '2016-02-01', '2016-09-30', 'Parenting', 'Goals reached', 'Family hub North', 'P1'),
  ('2', 'K1', '2023-09-01', null, 'School attendance', null, 'Targeted support', 'P9'),
  ('3', 'K4', '2023-09-01', null, 'Other', null, 'Targeted support', null);
